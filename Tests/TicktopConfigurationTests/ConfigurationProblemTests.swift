import Foundation
import Testing

@testable import TicktopConfiguration

@Suite struct `Configuration errors` {
    /// The messages without the fixture's path.
    private func read(_ fixture: String) -> (errors: [String], warnings: [String]) {
        var reading = ConfigurationReading()
        let path = Fixture.path(fixture)
        let found = reading.readFile([(path: path, origin: "--config", isRequired: true)])
        #expect(found == path)
        func messages(_ problems: [ConfigurationProblem]) -> [String] {
            problems.map { $0.description.replacing(path, with: fixture) }
        }
        return (messages(reading.errors), messages(reading.warnings))
    }

    @Test func `are all reported at once, each with its line and column`() {
        let found = read("out-of-range.toml")
        #expect(
            found.errors == [
                #"out-of-range.toml:3:8: name: expected demo|massive|binance|kafka, got "nasdaq""#,
                #"out-of-range.toml:4:11: tickers: expected a list of tickers, each of 1 to 16 "#
                    + #"letters, digits or . - / : _ ^ =, got ["AAPL", "BRK B"]"#,
                "out-of-range.toml:5:8: seed: expected 0..9223372036854775807, got -1",
                "out-of-range.toml:8:9: theme: expected a text, got 7",
                #"out-of-range.toml:9:11: up_down: expected green-red|red-green|blue-orange, "#
                    + #"got ["green", "red"]"#,
                "out-of-range.toml:10:15: update_hz: expected 1..60, got 0",
                #"out-of-range.toml:11:9: mouse: expected true|false, got "yes""#,
                "out-of-range.toml:14:8: port: expected 0..65535, got 65536",
                #"out-of-range.toml:15:19: allowed_hosts: expected a list of hosts, "#
                    + #"each NAME or NAME:PORT, got ["good.example", "http://bad.example/"]"#,
                "out-of-range.toml:18:23: price_spike_percent: expected 0.01..1000, got a date",
                "out-of-range.toml:19:20: velocity_percent: expected 0.01..1000, got nan",
            ])
        #expect(found.warnings.isEmpty)
    }

    @Test func `say what was probably meant by an unknown key`() {
        let found = read("unknown.toml")
        #expect(found.errors.isEmpty)
        #expect(
            found.warnings == [
                "unknown.toml:2:1: [scren]: unknown section, did you mean [screen]?",
                "unknown.toml:1:1: theme: unknown key, did you mean theme of [screen]?",
                "unknown.toml:6:1: update_hs: unknown key, did you mean update_hz?",
                "unknown.toml:7:1: port: unknown key, did you mean port of [api]?",
                "unknown.toml:8:1: colour: unknown key, did you mean color?",
                "unknown.toml:9:9: zzz.a: unknown key",
                "unknown.toml:12:1: extra.bytes: unknown key",
            ])
    }

    static let syntax = [
        ("unclosed-string.toml", "unclosed-string.toml:3:14: "),
        ("duplicate-key.toml", "duplicate-key.toml:3:8: "),
        ("unclosed-header.toml", "unclosed-header.toml:1:5: "),
    ]

    @Test(arguments: syntax) func `of syntax have a line and a column`(
        fixture: String, place: String
    ) throws {
        let found = read(fixture)
        let message = try #require(found.errors.first)
        #expect(found.errors.count == 1)
        #expect(message.hasPrefix(place), "\(message)")
        #expect(message.utf8.count > place.utf8.count + 10, "says what is wrong: \(message)")
    }

    @Test func `tell a section that is no table`() {
        #expect(
            read("no-table.toml").errors == ["no-table.toml:1:7: api: expected a table, got 8000"])
    }

    @Test func `are placed right in every shape TOML has`() {
        var reading = ConfigurationReading()
        let path = Fixture.path("every-shape.toml")
        _ = reading.readFile([(path: path, origin: "--config", isRequired: true)])
        #expect(
            reading.errors.map(\.description) == [
                "\(path):16:22: volume_zscore_mode: expected slots|trade, got \"sloths\""
            ])
        #expect(reading.warnings.isEmpty)
        let read = reading.values.mapValues(\.value)
        #expect(
            read == [
                "api.port": .integer(9001), "feed.name": .text("binance"),
                "feed.tickers": .list(["BTCUSDT", "ETHUSDT"]),
                "screen.theme": .text("a\n\"quoted\" # theme = \"x\"\n[api]"),
                "screen.up_down": .text("blue-orange"), "screen.update_hz": .integer(60),
                "analytics.lateness_seconds": .number(1),
            ])
        let lines = reading.values.mapValues(\.origin)
        #expect(lines["feed.tickers"] == .file(path: path, line: 2))
        #expect(lines["screen.update_hz"] == .file(path: path, line: 12))
    }

    @Test func `name environment variables and flags`() throws {
        let sources = ConfigurationSources(
            environment: [
                "TICKTOP_SCREEN_UPDATE_HZ": "0", "TICKTOP_API_ENABLED": "maybe",
                "HOME": "/nonexistent",
            ],
            overrides: [.init("api.port", "http", flag: "--port")])
        #expect {
            try EffectiveConfiguration.load(sources)
        } throws: { error in
            "\(error)" == """
                TICKTOP_SCREEN_UPDATE_HZ: expected 1..60, got "0"
                TICKTOP_API_ENABLED: expected true|false, got "maybe"
                --port: expected 0..65535, got "http"
                """
        }
    }

    @Test func `come for a file a person named that is not there`() {
        let sources = ConfigurationSources(environment: [:], file: "/nonexistent/my.toml")
        #expect {
            try EffectiveConfiguration.load(sources)
        } throws: { error in
            "\(error)"
                == "/nonexistent/my.toml: cannot be read (--config): no such file"
        }
    }

    @Test(arguments: ["[#]", "[.a]", "[ = 1", "[[\n", "[,]", "a = [1,\n }", "a = ]", "a = #"])
    func `of syntax are found where the parser would stop the process`(header: String) {
        var reading = ConfigurationReading()
        reading.readText("[api]\nport = 1\n \(header)\n", source: "c.toml")
        #expect(reading.errors.count == 1)
        #expect((3...4).contains(reading.errors.first?.position?.line ?? 0), "\(reading.errors)")
    }

    @Test func `refuse a NUL in the text`() {
        #expect {
            try TOMLText("[api]\nport = 1\0", source: "c.toml")
        } throws: { error in
            "\(error)" == "c.toml:2:9: a TOML text has no NUL character"
        }
    }

    @Test func `warn of an environment name that means nothing`() throws {
        let sources = ConfigurationSources(environment: [
            "TICKTOP_SCREEN_THEM": "dusk", "TICKTOP_API_TOKEN": "t", "TICKTOP_CONFIG": "",
            "HOME": "/nonexistent",
        ])
        let warnings = try EffectiveConfiguration.load(sources).warnings.map(\.description)
        #expect(
            warnings == ["TICKTOP_SCREEN_THEM: unknown name, did you mean TICKTOP_SCREEN_THEME?"])
    }
}

/// Files under `Fixtures/`.
enum Fixture {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }
}
