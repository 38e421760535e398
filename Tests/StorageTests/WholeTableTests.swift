import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct `Whole tables` {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    private func trades(_ span: StoredSpan) throws -> [StoredTrade] {
        var found: [StoredTrade] = []
        try store.history.eachTrade(span) { found.append($0) }
        return found
    }

    @Test func `every trade is read once, the oldest second first, over many pages`() throws {
        var random = SeededRandom(seed: 9)
        let symbols: [Symbol] = ["AAPL", "NVDA", "BRK.B"]
        var stored: [StoredTrade] = []
        for number in 0..<24_000 {
            let trade = Trade.make(
                symbols[Int.random(in: 0..<3, using: &random)], at: "10.000000001", size: 1,
                second: Double(number / 300), sequence: Int64(number))
            stored.append(.make(trade, at: .at(Int64(number) * 100)))
        }
        try store.writer.perform(.trades(stored))
        try store.writer.flush()
        let all = try trades(StoredSpan())
        #expect(all.count == stored.count)
        #expect(all.sorted { $0.position < $1.position } == stored)
        #expect(all.map(\.trade.executedAt) == stored.map(\.trade.executedAt))
        let span = StoredSpan(
            symbols: ["NVDA", "MSFT"], from: TestMorning.open.advanced(by: .seconds(7)),
            to: TestMorning.open.advanced(by: .seconds(40)))
        let expected = stored.filter { stored in
            let since = stored.trade.executedAt.duration(since: TestMorning.open)
            let isWithin = since >= .seconds(7) && since < .seconds(40)
            return stored.trade.symbol == "NVDA" && isWithin
        }
        #expect(try trades(span) == expected)
        #expect(try trades(StoredSpan(symbols: ["MSFT"])).isEmpty)
    }

    @Test func `a span ends within a second`() throws {
        var stored: [StoredTrade] = []
        for number in 1...3 {
            let trade = Trade.make(
                "AAPL", at: "10", size: 1, second: Double(number) / 4, sequence: Int64(number))
            stored.append(.make(trade, at: .at(Int64(number) * 100)))
        }
        try store.writer.perform(.trades(stored))
        try store.writer.flush()
        let half = TestMorning.open.advanced(by: .milliseconds(500))
        #expect(try trades(StoredSpan(to: half)) == [stored[0]])
        #expect(try trades(StoredSpan(from: half)) == [stored[1], stored[2]])
    }

    @Test func `every dead letter is read once, in the order of the log`() throws {
        var letters: [DeadLetter] = []
        for number in 0..<450 {
            let symbol: Symbol? = number % 2 == 0 ? "AAPL" : nil
            letters.append(
                DeadLetter(
                    position: .at(Int64(number) * 10), source: .massive,
                    receivedAt: TestMorning.open,
                    refusal: Refusal(reason: .price, field: "p", symbol: symbol),
                    raw: [0xFF, UInt8(number % 256)]))
        }
        var batch = EffectBatch()
        batch.deadLetters = letters
        batch.eventCount = letters.count
        batch.through = .at(9000)
        try store.writer.perform(batch)
        try store.writer.flush()
        var found: [DeadLetter] = []
        try store.history.eachDeadLetter(StoredSpan()) { found.append($0) }
        #expect(found == letters)
        found = []
        try store.history.eachDeadLetter(StoredSpan(symbols: ["AAPL"])) { found.append($0) }
        #expect(found == letters.filter { $0.refusal.symbol == "AAPL" })
    }
}
