import Analytics
import Engine
import Foundation
import MarketModel
import TestSupport
import Testing

/// Every rolling figure after each n-th trade, against `Tests/Oracle`, which recomputes them from
/// the raw log by brute force. `TICKTOP_PROVE` makes it a long one; `TICKTOP_SEED` repeats a run.
@Suite struct `Figures against an independent recomputation` {
    struct Log: CustomTestStringConvertible, Sendable {
        var format: String
        var course: String

        var testDescription: String { "\(format) of the course \(course)" }
    }

    static let logs = [
        Log(format: "frames", course: "spring"), Log(format: "recording", course: "half day"),
    ]

    private static let oracle = "Tests/Oracle/oracle.py"
    private let environment = ProcessInfo.processInfo.environment
    private var isFull: Bool { environment["TICKTOP_PROVE"] != nil }

    @Test(arguments: logs) func `agree after every trade looked at`(log: Log) throws {
        let seed = environment["TICKTOP_SEED"] ?? "20260102"
        let path = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-oracle-\(UUID().uuidString).journal").path
        let file = log.format == "frames" ? path + ".ndjson" : path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let (events, every) = isFull ? ("120000", 7) : ("5000", 3)
        _ = try ReferenceProgram.run(
            Self.oracle, [log.format, log.course, seed, events, file])
        let decoded = try ReferenceProgram.run(Self.oracle, ["events", file])
        let answers = try answers(
            String(decoding: decoded, as: UTF8.self), every: every,
            checksTime: log.format == "recording")
        let verdict = try ReferenceProgram.run(
            Self.oracle, ["figures", file, String(every)], input: Data(answers.utf8))
        let text = String(decoding: verdict, as: UTF8.self)
        #expect(text.hasPrefix("agree: "), "seed \(seed)\n\(text)")
        if isFull { print("figures, \(log.testDescription): \(text)") }
    }

    /// One line for each n-th applied trade: its ticker and its figures.
    private func answers(_ events: String, every: Int, checksTime: Bool) throws -> String {
        var lines: [String] = []
        var applied = 0
        var state = EngineState()
        state.figuresWitness = { logged, figures in
            applied += 1
            guard applied % every == 0, case .trade(let trade) = logged.pointee.event else {
                return
            }
            lines.append("\(trade.symbol) " + figures.oracleFields.joined(separator: " "))
        }
        var effects = EffectBatch()
        for line in events.split(separator: "\n") {
            var batch = EventBatch()
            batch.checksEventTime = checksTime
            try batch.append(decoded: line)
            effects.trades.removeAll(keepingCapacity: true)
            try state.apply(batch, into: &effects)
        }
        #expect(applied > 1000)
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RollingFigures {
    /// In the order in which the oracle names them; a missing one is `none`.
    fileprivate var oracleFields: [String] {
        [
            text(price?.units), text(vwapOneMinute?.units), text(vwapFiveMinutes?.units),
            text(vwapSession?.units), text(rollingAverageFiveMinutes?.units), text(volumeZScore),
            text(priceMomentum), text(tradeFrequency), text(spread?.units),
            text(spreadBasisPoints), text(vwapDeviation), text(vwapDeviationPercent),
            text(velocityFiveSeconds), text(change?.units), text(changePercent),
            change == nil ? "none" : text(changeBasis?.rawValue), text(sessionVolume.units),
        ]
    }

    private func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
}

extension EventBatch {
    /// A line that `oracle.py events` printed: kind, source, receive time, position, ticker, rest.
    fileprivate mutating func append(decoded line: Substring) throws {
        let words = line.split(separator: " ")
        func number(_ index: Int) throws -> Int64 { try #require(Int64(words[index])) }
        let position = LogPosition(
            epoch: Int32(try number(3)), offset: try number(4), index: Int32(try number(5)))
        let event: MarketEvent
        switch words[0] {
        case "clock": event = .clock
        case "close":
            event = .notice(index: Int32(notices.count))
            notices.append(
                .previousClose(
                    try #require(Symbol(words[6])), Price(units: try number(7)),
                    tradingDate: CivilDate(daysSince1970: try number(8))))
        case "trade":
            let ids = words[11] == "-" ? [] : words[11].split(separator: ",").compactMap { Int($0) }
            event = .trade(
                Trade(
                    symbol: try #require(Symbol(words[6])), price: Price(units: try number(8)),
                    size: Size(units: try number(9)),
                    executedAt: Timestamp(nanoseconds: try number(7)),
                    sequence: try number(10), conditions: TradeConditions(ids)))
        case "quote":
            event = .quote(
                Quote(
                    symbol: try #require(Symbol(words[6])), bid: Price(units: try number(8)),
                    ask: Price(units: try number(9)), bidSize: 100, askSize: 100,
                    quotedAt: Timestamp(nanoseconds: try number(7)), sequence: try number(10),
                    hasExchangeTime: try number(11) == 1))
        default:
            let price = Price(units: max(1, try number(9)))
            event = .bar(
                ProviderBar(
                    symbol: try #require(Symbol(words[6])),
                    start: Timestamp(nanoseconds: try number(8)),
                    end: Timestamp(nanoseconds: try number(7)), open: price, high: price,
                    low: price, close: price, volume: 100,
                    sessionOpen: try number(9) > 0 ? price : nil))
        }
        events.append(
            LoggedEvent(
                event: event, receivedAt: Timestamp(nanoseconds: try number(2)), position: position,
                source: try #require(FeedSource(rawValue: UInt8(try number(1))))))
        end = LogPosition(
            epoch: position.epoch, offset: position.offset, index: position.index + 1)
    }
}
