import Analytics
import Foundation
import MarketModel

/// Scoring headlines, one a line of a file.
enum SentimentBenchmark {
    struct Findings: Encodable {
        /// Of one pass over all of them.
        var seconds: Double
        var texts: Int
        /// All compounds added up: the peer's has to agree.
        var compound_sum: Double
    }

    private static let passes = 5

    static func measure(_ path: String) throws -> Findings {
        let file = try String(contentsOfFile: path, encoding: .utf8)
        let texts = file.split(separator: "\n").map(String.init)
        let analyzer = SentimentAnalyzer(lexicon: .vader())
        var spent: [Double] = []
        var sum = 0.0
        for _ in 0..<passes {
            sum = 0
            let began = SystemClock.monotonicNanoseconds
            for text in texts { sum += analyzer.score(text).compound }
            spent.append(Double(SystemClock.monotonicNanoseconds - began) / 1e9)
        }
        return Findings(seconds: median(spent), texts: texts.count, compound_sum: sum)
    }
}
