import Foundation
import MarketModel
import TestSupport
import Testing

@testable import TicktopConfiguration

@Suite struct `The effective configuration` {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "ticktop"), withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.appending(path: name).path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `prefers flag to environment, environment to file, file to default`() throws {
        let text =
            "[screen]\nupdate_hz = 20\ntheme = \"dusk\"\n[api]\nport = 1\naddress = \"::1\"\n"
        let path = try write("some.toml", text)
        let configuration = try EffectiveConfiguration.load(
            ConfigurationSources(
                environment: ["TICKTOP_API_PORT": "2", "TICKTOP_SCREEN_UPDATE_HZ": "30"],
                file: path, overrides: [.init("api.port", "3", flag: "--port")]))
        #expect(configuration.file == path)
        #expect(configuration.value("api.port") == .integer(3))
        #expect(configuration.origin("api.port") == .flag("--port"))
        #expect(configuration.value("screen.update_hz") == .integer(30))
        #expect(
            configuration.origin("screen.update_hz")
                == .environment(name: "TICKTOP_SCREEN_UPDATE_HZ"))
        #expect(configuration.value("screen.theme") == .text("dusk"))
        #expect(configuration.origin("screen.theme") == .file(path: path, line: 3))
        #expect(configuration.value("screen.mouse") == .flag(true))
        #expect(configuration.origin("screen.mouse") == .standard)
    }

    @Test func `comes from the first file of the search path`() throws {
        let user = try write("ticktop/config.toml", "[api]\nport = 7\n")
        var environment = ["XDG_CONFIG_HOME": folder.path, "HOME": "/nonexistent"]
        let paths = ConfigurationSources(environment: environment).searchPath.map(\.path)
        #expect(paths == ["config.toml", user, "/etc/ticktop/config.toml"])
        let named = try write("named.toml", "[api]\nport = 8\n")
        environment["TICKTOP_CONFIG"] = named
        #expect(try EffectiveConfiguration.load(.init(environment: environment)).file == named)
        let flagged = try write("flagged.toml", "[api]\nport = 9\n")
        let last = try EffectiveConfiguration.load(
            .init(environment: environment, file: flagged))
        #expect(last.file == flagged)
        #expect(last.value("api.port") == .integer(9))
        var reading = ConfigurationReading()
        let found = reading.readFile([
            (path: "/nonexistent/config.toml", origin: "system", isRequired: false),
            (path: user, origin: "user", isRequired: false),
        ])
        #expect(found == user)
    }

    @Test func `reads every key from its environment name`() throws {
        for key in SettingTable.keys {
            let text: String
            switch key.standard {
            case .list(let standard):
                let isPairs = if case .pairs = key.kind { true } else { false }
                let example = isPairs ? "a.b=1" : "A.B, C"
                text = standard.isEmpty ? example : standard.joined(separator: ", ")
            case .text(let standard): text = standard
            default: text = key.standard.text
            }
            let configuration = try EffectiveConfiguration.load(
                .init(environment: [key.environmentName: text, "HOME": "/nonexistent"]))
            #expect(
                configuration.origin(key.path) == .environment(name: key.environmentName))
            let examples: [String: SettingValue] = [
                "A.B, C": .list(["A.B", "C"]), "a.b=1": .list(["a.b=1"]),
            ]
            let expected = examples[text] ?? key.standard
            #expect(configuration.value(key.path) == expected)
            #expect(configuration.warnings.isEmpty)
        }
        #expect(SettingTable.key("screen.update_hz")?.environmentName == "TICKTOP_SCREEN_UPDATE_HZ")
    }

    @Test func `turns every key into a setting`() throws {
        func settings(_ environment: [String: String]) throws -> Settings {
            let given = environment.merging(["HOME": "/nonexistent"]) { $1 }
            let directories = Directories(environment: given)
            return try EffectiveConfiguration.load(.init(environment: given)).settings(directories)
        }
        let standard = try settings([:])
        for key in SettingTable.keys {
            let other = Self.other(than: key.standard, as: key.kind)
            #expect(try settings([key.environmentName: other]) != standard, "\(key.path)")
        }
    }

    /// A value that the key admits and that is not its default, as an environment has it.
    private static func other(than standard: SettingValue, as kind: SettingKind) -> String {
        switch (kind, standard) {
        case (.integer(let range), .integer(let value)):
            String(value < range.upperBound ? value + 1 : value - 1)
        case (.number(let range), .number(let value)):
            String(value == range.lowerBound ? range.upperBound : range.lowerBound)
        case (.choice(let names), _): names.first { .text($0) != standard } ?? ""
        case (.names(let names), _): names.first { .list([$0]) != standard } ?? ""
        case (.periods(let range, _), _): String(range.lowerBound)
        case (.pairs, _): "a.b=1"
        case (.flag, _): standard == .flag(true) ? "false" : "true"
        default: "X"
        }
    }

    @Test func `refuses a fast average that is not faster than the slow one`() {
        for name in ["MACD", "CROSS"] {
            let given = "TICKTOP_INDICATORS_\(name)_FAST_PERIOD"
            #expect(throws: ConfigurationError.self) {
                try EffectiveConfiguration.load(
                    .init(environment: [given: "300", "HOME": "/nonexistent"]))
            }
        }
        for text in ["0", "10,501", "1,2,3,4,5,6,7,8,9", "ten"] {
            #expect(throws: ConfigurationError.self) {
                try EffectiveConfiguration.load(
                    .init(
                        environment: [
                            "TICKTOP_INDICATORS_AVERAGE_PERIODS": text, "HOME": "/nonexistent",
                        ]))
            }
        }
    }

    @Test func `reads back from what print shows`() throws {
        let first = try EffectiveConfiguration.load(
            .init(
                environment: [
                    "TICKTOP_FEED_URL": "ws://x/\"\\\u{1}é", "TICKTOP_FEED_TICKERS": "AAPL,BRK.B",
                    "TICKTOP_RULES_VELOCITY_PERCENT": "0.75", "HOME": "/nonexistent",
                ]))
        #expect(
            first.printed.contains("velocity_percent = 0.75  # TICKTOP_RULES_VELOCITY_PERCENT\n"))
        #expect(first.printed.contains("update_hz = 10  # default\n"))
        let path = try write("printed.toml", first.printed)
        let second = try EffectiveConfiguration.load(
            .init(environment: ["HOME": "/nonexistent"], file: path))
        #expect(second.warnings.isEmpty)
        for key in SettingTable.keys {
            #expect(second.value(key.path) == first.value(key.path), "\(key.path)")
        }
    }

    @Test func `has in config.toml every key with its default, commented out`() throws {
        let file = ReferenceProgram.root.appending(path: "config.toml")
        // The lines of [keys] are the screen's, whose own test compares them.
        let known = try String(contentsOf: file, encoding: .utf8)
        let keys = known.range(of: "[keys]\n").map { String(known[$0.upperBound...]) } ?? ""
        let expected = SettingTable.defaultsText(keys: keys)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try expected.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded config.toml: read the difference")
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected)
        #expect(!keys.isEmpty)
        let document = try TOMLText(text, source: "config.toml")
        #expect(document.entries.isEmpty)
        let active = text.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
        var reading = ConfigurationReading()
        reading.readText(active, source: "config.toml")
        #expect(reading.errors.isEmpty && reading.warnings.isEmpty)
        #expect(reading.values.count == SettingTable.keys.count)
        #expect(reading.lists["keys"]?.count ?? 0 > 40)
        for key in SettingTable.keys {
            #expect(reading.values[key.path]?.value == key.standard, "\(key.path)")
        }
    }

    @Test func `keeps lists under names of one's own, with their places`() throws {
        let path = try write(
            "lists.toml",
            "[groups]\ntech = [\"AAPL\", \"NVDA\"]\n[keys]\nzoom = \"Z\"\nquit = [\"q\", \"Q\"]\n")
        let configuration = try EffectiveConfiguration.load(
            .init(environment: ["TICKTOP_KEYS_QUIT": "x,y"], file: path))
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.lists("groups").map(\.values) == [["AAPL", "NVDA"]])
        let keys = configuration.lists("keys")
        #expect(keys.map(\.name) == ["zoom", "quit"])
        #expect(keys.map(\.values) == [["Z"], ["x", "y"]])
        #expect(keys[0].problem("taken").description == "\(path):4:1: zoom: taken")
        #expect(keys[1].problem("taken").description == "TICKTOP_KEYS_QUIT: quit: taken")
        #expect(configuration.printed.contains("tech = [\"AAPL\", \"NVDA\"]"))
        let wrong = try write("wrong.toml", "keys = 3\n[groups]\ntech = 4\n")
        #expect {
            try EffectiveConfiguration.load(.init(environment: [:], file: wrong))
        } throws: { error in
            (error as? ConfigurationError)?.problems.map(\.message) == [
                "expected a table, got 3", "expected a list of texts, got 4",
            ]
        }
    }

    @Test func `has settings for the rest of the program`() throws {
        let directories = Directories(environment: ["HOME": "/home/ada"])
        let settings = try EffectiveConfiguration.load(
            .init(environment: ["TICKTOP_STORE_NEWS_TTL_DAYS": "0", "HOME": "/nonexistent"])
        ).settings(directories)
        #expect(settings.feed.provider == .demo)
        #expect(settings.feed.url == nil)
        #expect(settings.store.path == "/home/ada/.local/share/ticktop/market.db")
        #expect(settings.store.bytesMax == 8 << 30)
        #expect(settings.store.tradesLife == .seconds(48 * 3600))
        #expect(settings.store.newsLife == nil)
        #expect(settings.store.barsLife[.minute] == .seconds(90 * 86_400))
        #expect(settings.store.barsLife[.day] == nil)
        #expect(settings.analytics.latenessSeconds == 2)
        #expect(settings.rules.velocityPercent == 0.5)
        #expect(settings.screen.staleAfter == .seconds(10))
        #expect(settings.api.port == 8000)
    }

    @Test func `finds directories as XDG says`() {
        let plain = Directories(environment: ["HOME": "/home/ada"])
        #expect(plain.config == "/home/ada/.config/ticktop")
        #expect(plain.state == "/home/ada/.local/state/ticktop")
        let given = Directories(environment: [
            "HOME": "/home/ada", "XDG_DATA_HOME": "/data", "XDG_STATE_HOME": "relative",
        ])
        #expect(given.data == "/data/ticktop")
        #expect(given.state == "/home/ada/.local/state/ticktop")
    }
}
