import Foundation
import Testing

@testable import TicktopConfiguration

@Suite struct `A theme file` {
    private func folder(_ files: [String: String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(
                to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        return folder.path
    }

    @Test func `is found in a directory that is a link to another`() throws {
        let themes = try folder(["dusk.toml": "[meta]\nname = 'dusk'\n"])
        let link = themes + "-link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: themes)
        #expect(ThemeFile.names(in: [link]) == ["dusk"])
        #expect(try ThemeFile.load("dusk", in: [link]).tables["meta"] == ["name": "dusk"])
    }

    @Test func `gives sections of names and texts`() throws {
        let text = """
            [meta]
            name = "dusk"
            [market]
            up = "green bold"
            down = 196
            flat = { fg = "soft", bg = 17, dim = true, bold = false }
            """
        let theme = try ThemeFile(text, path: "dusk.toml")
        #expect(
            theme.tables == [
                "meta": ["name": "dusk"],
                "market": ["up": "green bold", "down": "196", "flat": "soft on 17 dim"],
            ])
        let problem = theme.problem(section: "market", key: "down", message: "no such slot")
        #expect("\(problem)" == "dusk.toml:5:8: market.down: no such slot")
    }

    @Test func `reports all that it cannot be, with lines and columns`() {
        let text = "top = 1\n[ui]\nbg = true\nfg = { shade = 'red' }\n"
        #expect {
            try ThemeFile(text, path: "t.toml")
        } throws: { error in
            let places = (error as? ConfigurationError)?.problems.map {
                "\($0.position?.line ?? 0):\($0.position?.column ?? 0) \($0.key)"
            }
            return places == ["1:7 top", "3:6 ui.bg", "4:16 ui.fg.shade"]
        }
    }

    @Test func `of the user shadows the shipped one`() throws {
        let user = try folder(["dusk.toml": "[meta]\nname = \"mine\"\n"])
        let shipped = try folder([
            "dusk.toml": "[meta]\nname = \"shipped\"\n", "mono.toml": "", "notes.txt": "",
        ])
        let directories = ["/nonexistent", user, shipped]
        #expect(try ThemeFile.load("dusk", in: directories).tables["meta"]?["name"] == "mine")
        #expect(try ThemeFile.load("mono", in: directories).path == shipped + "/mono.toml")
        #expect(ThemeFile.names(in: directories) == ["dusk", "mono"])
        let sources = ConfigurationSources(
            environment: ["HOME": "/home/ada"], file: "/tmp/own/my.toml")
        #expect(
            sources.themeDirectories(shipped: "/opt/themes") == [
                "/tmp/own/themes", "/home/ada/.config/ticktop/themes", "/etc/ticktop/themes",
                "/opt/themes",
            ])
    }

    @Test(arguments: ["../secret", "", "a/b", "nope"]) func `is refused by name`(name: String) {
        #expect(throws: ConfigurationError.self) {
            try ThemeFile.load(name, in: [NSTemporaryDirectory()])
        }
    }
}
