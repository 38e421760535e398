import Foundation

/// `ticktop-bench MEASURE [FILE]`: measures, and prints one line of JSON.
@main
struct BenchmarkProgram {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first) {
        case ("windows", let path?): try show(WindowsBenchmark.measure(path))
        case ("engine", let path?):
            try show(WindowsBenchmark.measure(path, settings: .withoutForests))
        case ("split", let path?): try show(SplitBenchmark.measure(path))
        case ("allocations", let path?): try show(AllocationsBenchmark.measure(path))
        case ("everything", let path?): try show(EverythingBenchmark.measure(path))
        case ("forest", nil): try show(ForestBenchmark.measure())
        case ("decode", let path?): try show(DecodeBenchmark.measure(path))
        case ("sentiment", let path?): try show(SentimentBenchmark.measure(path))
        case ("indicators", let path?): try show(IndicatorsBenchmark.measure(path))
        case ("kafka-fill", let path?):
            try show(KafkaBenchmark.fill(path, brokers: argument(3)))
        case ("kafka", let brokers?):
            try show(
                KafkaBenchmark.measure(
                    brokers: brokers, count: Int(argument(3)) ?? 0,
                    options: Array(CommandLine.arguments.dropFirst(4))))
        case ("store", nil): try show(StoreBenchmark.measure())
        default:
            throw BenchmarkError.usage(
                "ticktop-bench windows FILE | engine FILE | split FILE | allocations FILE"
                    + " | everything FILE | decode FILE | sentiment FILE"
                    + " | indicators FILE | forest | store | kafka-fill FILE BROKERS"
                    + " | kafka BROKERS COUNT [NAME=VALUE...]")
        }
    }

    private static func argument(_ index: Int) throws -> String {
        guard CommandLine.arguments.count > index else {
            throw BenchmarkError.usage("an argument is missing")
        }
        return CommandLine.arguments[index]
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
    /// A file that ends before its forests are warm.
    case tooShort(path: String, events: Int)
    case sqlite(code: Int32, message: String)
}
