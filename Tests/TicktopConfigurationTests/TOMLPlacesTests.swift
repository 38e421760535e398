import Foundation
import TestSupport
import Testing

@testable import TicktopConfiguration

@Suite struct `Places in TOML` {
    /// Values of every shape, among them those that look like something else.
    static let values = [
        "1", "-0.5e3", "true", "2026-01-02T10:00:00Z", "\"plain\"", "\"[x] # \\\" = é\\\\\"", "''",
        "'lite\\'", "\"\"\"\n[a]\nb = 1 \\\"\"\\\"\n\"\"\"\"", "'''\nx = ['\n'''",
        "[ 1, # one ]\n 2,\n]", "[[\"a\"], [\"]\", \"#\"]]",
        "{ \"in ner\" = 1, b = [ \"}\" ] }", "{}",
    ]

    @Test func `are where each key and value was written`() throws {
        var random = SeededRandom(seed: 14)
        for round in 0..<200 {
            var text = ["", "\u{FEFF}", "# start\r\n"][round % 3]
            var expected: [(path: [String], key: TextPosition, value: TextPosition)] = []
            func here() -> TextPosition {
                let shown = text.unicodeScalars.drop { $0 == "\u{FEFF}" }
                let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
                return TextPosition(line: lines.count, column: (lines.last?.count ?? 0) + 1)
            }
            for section in 0..<3 {
                text += "\n [ s\(section) . 'q' ] # [not.this]\n"
                for index in 0..<4 {
                    text += String(repeating: " ", count: Int.random(in: 0...3, using: &random))
                    let key = here()
                    text += ["k\(index)", "\"k\(index)\"", "'k\(index)'"].randomElement(
                        using: &random)!
                    text += ["=", " = ", "\t=  "].randomElement(using: &random)!
                    let value = here()
                    text += Self.values.randomElement(using: &random)!
                    text += ["\n", " # k9 = 1\n", "\r\n\n"].randomElement(using: &random)!
                    expected.append((["s\(section)", "q", "k\(index)"], key, value))
                }
            }
            _ = try TOMLText(text, source: "round \(round)")
            let places = TOMLPlaces(text).places
            for (path, key, value) in expected {
                #expect(places[path]?.key == key, "\(path) of round \(round)")
                #expect(places[path]?.value == value, "\(path) of round \(round)")
            }
        }
    }

    @Test func `end in any text, and reading any text ends in values or problems`() throws {
        var random = SeededRandom(seed: 77)
        let texts = try ["out-of-range", "unknown", "every-shape"].map {
            try String(contentsOfFile: Fixture.path("\($0).toml"), encoding: .utf8)
        }
        let odd = Array("\u{A0}\u{B}\u{2028}\u{FEFF}\"'[]{}=#.,\n\r\\\0é ".unicodeScalars)
        var refused = 0
        for round in 0..<2000 {
            var scalars = Array(texts[round % texts.count].unicodeScalars)
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: scalars.remove(at: at)
                case 1: scalars.insert(odd.randomElement(using: &random)!, at: at)
                default: scalars[at] = odd.randomElement(using: &random)!
                }
            }
            let text = scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
            _ = TOMLPlaces(text)
            var reading = ConfigurationReading()
            reading.readText(text, source: "mutant")
            for problem in reading.errors + reading.warnings {
                #expect(problem.position != nil, "\(problem)")
                #expect(!problem.message.isEmpty)
            }
            if !reading.errors.isEmpty { refused += 1 }
        }
        #expect(refused > 1000, "most mutants are wrong somewhere")
    }
}
