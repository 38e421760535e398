import Foundation
import Testing

/// Payloads a person has read, under `Golden/`. `RECORD_GOLDEN=1` rewrites them and fails the run.
enum Golden {
    static func expect(
        _ body: String, equals name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/\(name)")
        let text = laidOut(body) + "\n"
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name): read the difference", sourceLocation: sourceLocation)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "\(name)", sourceLocation: sourceLocation)
    }

    /// One member a line, every other byte as it was sent.
    private static func laidOut(_ json: String) -> String {
        var text = ""
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        for character in json {
            if isQuoted {
                text.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isQuoted = false
                }
                continue
            }
            switch character {
            case "\"":
                isQuoted = true
                text.append(character)
            case "{", "[":
                depth += 1
                text += "\(character)\n" + String(repeating: "  ", count: depth)
            case "}", "]":
                depth -= 1
                text += "\n" + String(repeating: "  ", count: depth) + "\(character)"
            case ",": text += ",\n" + String(repeating: "  ", count: depth)
            default: text.append(character)
            }
        }
        return text
    }
}
