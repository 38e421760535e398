import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct `Signals in the store` {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    private func signal(
        _ minute: Int, _ kind: IndicatorSignal.Kind = .goldenCross, symbol: Symbol = "AAPL"
    ) -> IndicatorSignal {
        let start = TestMorning.open.advanced(by: .seconds(minute * 60))
        return IndicatorSignal(
            symbol: symbol, kind: kind, interval: .minute, barStart: start,
            at: start.advanced(by: .seconds(60)), close: "231.440000001", value: 0.1 + 0.2,
            reference: -1 / 3, position: .at(Int64(minute)))
    }

    private func perform(_ signals: [IndicatorSignal], through: Int64) throws {
        var batch = EffectBatch()
        batch.signals = signals
        batch.through = .at(through)
        try store.writer.perform(batch)
        try store.writer.flush()
    }

    @Test func `are read back exactly, the newest first, and once though written twice`() throws {
        let signals = IndicatorSignal.Kind.allCases.enumerated().map { signal($0, $1) }
        try perform(signals, through: 100)
        try perform(signals, through: 200)
        #expect(try store.history.signals(nil, since: nil, limit: 100) == signals.reversed())
        #expect(
            try store.history.signals(nil, since: nil, limit: 2) == signals.suffix(2).reversed())
    }

    @Test func `are those of one ticker, and since a moment`() throws {
        let other = signal(3, symbol: "MSFT")
        try perform([signal(1), signal(2), other], through: 100)
        #expect(try store.history.signals("MSFT", since: nil, limit: 9) == [other])
        #expect(
            try store.history.signals("AAPL", since: signal(2).at, limit: 9) == [signal(2)])
        #expect(try store.history.signals("TSLA", since: nil, limit: 9).isEmpty)
    }

    @Test func `go when their time is over`() throws {
        let rule = PruningRule.byTime("signals", "at", .seconds(86_400))
        let now = signal(60 * 24 * 2).at
        let connection = try StoreConnection(path: directory.path + "/second.db")
        try connection.run { db in
            for row in [signal(0), signal(60 * 24 * 2)] { try SignalRows.write(row, db) }
            #expect(try rule.prune(db, engineTime: now, rowsMax: 10) == 1)
        }
        try connection.close()
    }
}
