import Foundation

/// A file of the repository, with its code and its comments told apart.
struct SourceFile: Sendable {
    /// From the repository's root, as in "Sources/TUI/Theme/Theme.swift".
    let path: String
    let lines: [String]
    /// The lines with comments, string contents and back-ticked names blanked out.
    let code: [String]
    /// The lines with everything but comments blanked out.
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        let parted = CommentSplitter.split(text)
        lines = Self.lines(of: text)
        code = Self.lines(of: parted.code)
        comments = Self.lines(of: parted.comments)
    }

    var name: String { String(path.split(separator: "/").last ?? "") }

    /// "Analytics" for "Sources/Analytics/…", "AnalyticsTests" for "Tests/AnalyticsTests/…".
    var module: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isTest: Bool { path.hasPrefix("Tests/") }

    func offence(_ index: Int, _ what: String) -> Offence {
        Offence(path: path, line: index + 1, what: what)
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// A line that breaks a rule.
struct Offence: CustomStringConvertible, Equatable, Sendable {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// The repository's Swift and C files under Sources and Tests.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func files() throws -> [SourceFile] {
        try ["Sources", "Tests"].flatMap { folder in
            let base = root.appending(path: folder).resolvingSymlinksInPath()
            return try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
                .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".h") || $0.hasSuffix(".c") }
                .map { path in
                    let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
                    return SourceFile(path: "\(folder)/\(path)", text: text)
                }
        }
    }
}
