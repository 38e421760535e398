import Foundation
import Testing

/// Pictures kept as files. `RECORD_GOLDEN=1` rewrites them and fails, so that a person reads the
/// difference.
enum GoldenFiles {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden")

    static func expect(
        _ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = directory.appending(path: name)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record(
                "recorded \(name): read it, then run again", sourceLocation: sourceLocation)
            return
        }
        let known = try String(contentsOf: file, encoding: .utf8)
        guard known != text else { return }
        let pairs = zip(
            known.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false))
        let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
            """
            \(name) differs, first in line \((first?.offset ?? -1) + 1):
            was \(first?.element.0 ?? "")
            is  \(first?.element.1 ?? "")
            """, sourceLocation: sourceLocation)
    }
}
