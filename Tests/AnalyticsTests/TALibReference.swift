import Analytics
import Foundation
import MarketModel
import TestSupport

/// What TA-Lib says about a run of candles, column by column.
struct TALibReference {
    enum Unit { case price, percent, flag }

    let names: [(name: String, unit: Unit)]
    private let columns: [[Double]]

    /// One for each run of candles, each as if there were no other.
    static func of(_ runs: [[Candle]], _ settings: IndicatorSettings) throws -> [TALibReference] {
        var input = Data(capacity: runs.reduce(0) { $0 + $1.count } * 32)
        for candle in runs.joined() {
            for price in [candle.open, candle.high, candle.low, candle.close] {
                withUnsafeBytes(of: price.littleEndian) { input.append(contentsOf: $0) }
            }
        }
        let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        let counts = runs.map { String($0.count) }.joined(separator: ",")
        let output = try ReferenceProgram.run(
            "Tests/AnalyticsTests/Reference/talib_oracle.py", [json, counts], input: input)
        let values = output.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        var rest = values[...]
        return runs.map { TALibReference(settings, count: $0.count, takingFrom: &rest) }
    }

    private init(
        _ settings: IndicatorSettings, count: Int, takingFrom values: inout ArraySlice<Double>
    ) {
        var names: [(name: String, unit: Unit)] = []
        for period in settings.averagePeriods {
            for kind in ["SMA", "EMA", "WMA"] { names.append(("\(kind)(\(period))", .price)) }
        }
        names += [
            ("RSI", .percent), ("MACD", .price), ("MACD signal", .price),
            ("MACD histogram", .price), ("upper band", .price), ("middle band", .price),
            ("lower band", .price), ("%K", .percent), ("%D", .percent), ("ATR", .price),
            ("standard deviation", .price),
        ]
        names += [
            "doji", "hammer", "shooting star", "engulfing", "harami", "morning star",
            "evening star",
        ].map { ($0, .flag) }
        self.names = names
        columns = names.map { _ in
            let column = Array(values.prefix(count))
            values = values.dropFirst(count)
            return column
        }
    }

    func value(_ column: Int, at index: Int) -> Double { columns[column][index] }

    /// Ours in the same order; not a number where there is none.
    static func row(_ values: IndicatorValues) -> [Double] {
        var row: [Double?] = []
        for averages in values.averages {
            row += [averages.simple, averages.exponential, averages.weighted]
        }
        row += [
            values.rsi, values.macd, values.macdSignal, values.macdHistogram,
            values.bollingerUpper, values.bollingerMiddle, values.bollingerLower,
            values.stochasticK, values.stochasticD, values.averageTrueRange,
            values.standardDeviation,
        ]
        let patterns = values.patterns
        let flags = [
            patterns.doji, patterns.hammer, patterns.shootingStar, patterns.engulfing,
            patterns.harami, patterns.morningStar, patterns.eveningStar,
        ]
        return row.map { $0 ?? .nan } + flags.map { Double($0) }
    }

    /// The first differences, each as a line; none when all agree to 1e-9.
    func differences(_ rows: [[Double]], _ candles: [Candle], max most: Int = 5) -> [String] {
        var lines: [String] = []
        for (index, row) in rows.enumerated() {
            let price = Double(candles[index].close) / 1e9
            for (column, ours) in row.enumerated() {
                let theirs = value(column, at: index)
                if ours.isNaN, theirs.isNaN { continue }
                // Where %K is 0, TA-Lib's running sum leaves rounding of up to some 1e-12.
                let size = max(abs(theirs), names[column].unit == .price ? abs(price) : 0.01)
                if abs(ours - theirs) <= 1e-9 * size { continue }
                lines.append("bar \(index) \(names[column].name): \(ours), TA-Lib says \(theirs)")
                if lines.count == most { return lines }
            }
        }
        return lines
    }
}

/// Runs of candles to try the indicators on.
enum CandleRuns {
    /// A file of `Fixtures`.
    static func real(_ name: String) throws -> [Candle] {
        let file = ReferenceProgram.root.appending(
            path: "Tests/AnalyticsTests/Fixtures/\(name).csv")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try text.split(separator: "\n").dropFirst().map { line in
            let prices = line.split(separator: ",").compactMap { Price(decimal: $0)?.units }
            guard prices.count == 4 else { throw Malformed(line: String(line)) }
            return Candle(open: prices[0], high: prices[1], low: prices[2], close: prices[3])
        }
    }

    struct Malformed: Error { var line: String }

    /// A walk from `price` in multiples of `tick`, with gaps between bars, quiet stretches in which
    /// nothing moves, and bars of one trade.
    static func walk(_ count: Int, seed: UInt64, price: Int64, tick: Int64) -> [Candle] {
        var random = SeededRandom(seed: seed)
        var last = price / tick
        let reach = max(2, last / 2000)
        var quiet = 0
        return (0..<count).map { _ in
            if quiet == 0, Int.random(in: 0..<400, using: &random) == 0 {
                quiet = Int.random(in: 1...120, using: &random)
            }
            quiet = max(0, quiet - 1)
            if quiet > 0 { return flat(last * tick) }
            let jump = Int.random(in: 0..<50, using: &random) == 0 ? reach * 10 : 0
            let open = max(
                1, last + (jump > 0 ? Int64.random(in: -jump...jump, using: &random) : 0))
            let isOneTrade = Int.random(in: 0..<20, using: &random) == 0
            // Prices are drawn back to where they began, so that they stay in range.
            let pull = (price / tick - open) / 500
            let close =
                isOneTrade
                ? open : max(1, open + pull + Int64.random(in: -reach...reach, using: &random))
            let above = isOneTrade ? 0 : Int64.random(in: 0...reach, using: &random)
            let below = isOneTrade ? 0 : Int64.random(in: 0...reach, using: &random)
            last = close
            return Candle(
                open: open * tick, high: (max(open, close) + above) * tick,
                low: max(1, min(open, close) - below) * tick, close: close * tick)
        }
    }

    static func flat(_ price: Int64) -> Candle {
        Candle(open: price, high: price, low: price, close: price)
    }
}
