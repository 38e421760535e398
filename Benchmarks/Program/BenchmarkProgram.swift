import Foundation

/// `ticktop-bench windows FILE | decode FILE | sentiment FILE | store`: measures, and prints one line
/// of JSON.
@main
struct BenchmarkProgram {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first) {
        case ("windows", let path?): try show(WindowsBenchmark.measure(path))
        case ("decode", let path?): try show(DecodeBenchmark.measure(path))
        case ("sentiment", let path?): try show(SentimentBenchmark.measure(path))
        case ("store", nil): try show(StoreBenchmark.measure())
        default:
            throw BenchmarkError.usage(
                "ticktop-bench windows FILE | decode FILE | sentiment FILE | store")
        }
    }

    private static func show(_ findings: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(findings), as: UTF8.self))
    }
}

enum BenchmarkError: Error {
    case usage(String)
    case cannotOpen(path: String)
    case cannotRead(path: String, code: Int32)
    case lineTooLong(path: String)
    /// The file has events that are no valid trades or quotes, so that the figures would not
    /// compare.
    case refused(count: Int)
    case sqlite(code: Int32, message: String)
}
