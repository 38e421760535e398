import Foundation
import TestSupport
import Testing

/// Where a browser is installed; `make test` does without.
private let browser = ["chromium", "chromium-browser", "google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
}

@Suite(.enabled(if: browser != nil, "there is no Chromium here to open the page with"))
struct `API documentation in a browser` {
    private struct Look: Decodable {
        var routes: [String]
        var tried: String
        var light: Int
        var dark: Int
        var asked: [String]
        var complaints: [String]
    }

    @Test func `shows every route, light and dark, and lets one be tried`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let look = try await SidePort().serve { http in
            let address = "http://127.0.0.1:\(http.port)"
            let paths = try JSONSerialization.jsonObject(
                with: Data(await http.get("/openapi.json").body.utf8))
            let seen = try ReferenceProgram.run(
                "Tests/APITests/Reference/browse.py", [address + "/docs", folder.path])
            let look = try JSONDecoder().decode(Look.self, from: seen)
            let described = try #require((paths as? [String: Any])?["paths"] as? [String: Any])
            #expect(Set(look.routes) == Set(described.keys))
            #expect(look.asked.allSatisfy { $0.hasPrefix(address) }, "\(look.asked)")
            return look
        }
        #expect(look.complaints.isEmpty, "\(look.complaints)")
        #expect(look.light > 240 && look.dark < 40)
        #expect(look.tried.hasPrefix("GET /quotes/AAPL\n200"))
        #expect(look.tried.contains(#""price":231.440100001"#))
        for name in ["docs-light.png", "docs-dark.png"] {
            let picture = try Data(contentsOf: folder.appending(path: name))
            #expect(picture.count > 10_000)
            // The pictures of the documentation are taken from here.
            if let pictures = ProcessInfo.processInfo.environment["RECORD_PICTURES"] {
                try picture.write(to: URL(filePath: pictures).appending(path: name))
            }
        }
        try FileManager.default.removeItem(at: folder)
    }
}
