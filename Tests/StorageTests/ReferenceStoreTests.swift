import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct `Reference data in the store` {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    private func perform(_ listings: [Listing], _ earnings: [EarningsReport], through: Int64) throws
    {
        var batch = EffectBatch()
        batch.listings = listings
        batch.earnings = earnings
        batch.through = .at(through)
        try store.writer.perform(batch)
        try store.writer.flush()
    }

    private func report(_ year: Int, _ quarter: Int, actual: Price? = nil) -> EarningsReport {
        EarningsReport(
            symbol: "AAPL", fiscalYear: year, quarter: quarter,
            periodEnd: CivilDate(daysSince1970: -3), reportedOn: CivilDate(daysSince1970: 20_455),
            hour: .duringMarket, estimate: "-0.123456789", actual: actual)
    }

    @Test func `are read back exactly, companies by ticker, quarters newest first`() throws {
        let unknown = Listing(symbol: "ZVV", name: "")
        let apple = Listing(symbol: "AAPL", name: "Äpple \"Inc\"", segment: .mega, sector: "Mining")
        let bare = EarningsReport(symbol: "MSFT", fiscalYear: 2026, quarter: 1)
        let reports = [report(2025, 4, actual: "1.85"), report(2026, 1), report(2025, 3)]
        try perform([unknown, apple], reports + [bare], through: 100)
        #expect(try store.history.listings() == [apple, unknown])
        #expect(
            try store.history.earnings("AAPL") == [reports[1], reports[0], reports[2]])
        #expect(try store.history.earnings("MSFT") == [bare])
        #expect(try store.history.earnings("TSLA").isEmpty)
    }

    @Test func `are replaced by what is known later`() throws {
        try perform([Listing(symbol: "A", name: "Old")], [report(2026, 1)], through: 100)
        try perform(
            [Listing(symbol: "A", name: "New", segment: .mid)],
            [report(2026, 1, actual: "2")], through: 200)
        #expect(
            try store.history.listings() == [Listing(symbol: "A", name: "New", segment: .mid)])
        #expect(try store.history.earnings("AAPL") == [report(2026, 1, actual: "2")])
    }
}
