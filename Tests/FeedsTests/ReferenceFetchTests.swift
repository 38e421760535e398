import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Feeds

@Suite struct `Reference data from a provider` {
    private let clock = ManualClock(TestMorning.open)

    private func notices(_ records: [LogRecord]) -> [Notice] {
        let batch = EventBatch(decoding: records)
        #expect(batch.refusals.isEmpty)
        return batch.notices
    }

    /// What a fetch brings from the simulated provider, and its warnings.
    private func fetch(
        _ symbols: [Symbol], companies: NewsProvider, key: String = "good", finnhub: Bool = true
    ) async throws -> (notices: [Notice], warnings: [String]) {
        let simulator = try ProviderSimulator(ProviderSimulatorOptions(), clock: clock)
        let port = try simulator.start()
        func provider(_ name: NewsProvider) -> ReferenceFetch.Provider {
            var provider = ReferenceFetch.Provider(
                name, url: "http://127.0.0.1:\(port)/", key: ProviderKey(key))
            provider.pause = .zero
            return provider
        }
        var fetch = ReferenceFetch(
            companies: provider(companies), earnings: finnhub ? provider(.finnhub) : nil)
        fetch.retryAfter = .milliseconds(5)
        let records = Mutex([LogRecord]())
        let warnings = await fetch.fetch(symbols, clock: clock) { more in
            records.withLock { $0 += more }
        }
        try await stop(simulator)
        let found = records.withLock { $0 }
        #expect(found.allSatisfy { $0.kind == .reference })
        return (notices(found), warnings)
    }

    @Test(arguments: NewsProvider.allCases)
    func `is the same company from either`(provider: NewsProvider) async throws {
        let (notices, warnings) = try await fetch(
            ["AAPL", "TSLA"], companies: provider, finnhub: false)
        #expect(warnings.isEmpty)
        #expect(
            notices == [
                .listing(
                    Listing(
                        symbol: "AAPL", name: "Apple", segment: .mega, sector: "Manufacturing")),
                .listing(
                    Listing(
                        symbol: "TSLA", name: "Tesla", segment: .mega, sector: "Manufacturing")),
            ])
    }

    @Test func `is eight reported quarters and the one to come`() async throws {
        let (notices, warnings) = try await fetch(["AAPL"], companies: .massive)
        #expect(warnings.isEmpty)
        let reports = notices.compactMap { notice -> EarningsReport? in
            if case .earnings(let report) = notice { report } else { nil }
        }
        // In January 2026 the fourth quarter has ended but is not reported yet.
        #expect(reports.first?.fiscalYear == 2025 && reports.first?.quarter == 4)
        #expect(reports.first?.actual == nil && reports.first?.estimate != nil)
        let told = reports.filter { $0.actual != nil }
        #expect(told.count == 8)
        #expect(told.allSatisfy { $0.hour == .afterClose && $0.reportedOn != nil })
        #expect(told.allSatisfy { $0.periodEnd != nil && $0.surprise != nil })
        #expect(Set(reports.map { $0.fiscalYear * 4 + $0.quarter }).count == reports.count)
    }

    @Test func `that cannot be had is a warning without the key`() async throws {
        let (notices, warnings) = try await fetch(
            ["NOPE", "AAPL"], companies: .massive, finnhub: false)
        #expect(notices.count == 1)
        #expect(warnings == ["no sector of NOPE: the provider answered 404"])
        let refused = try await fetch(["AAPL"], companies: .finnhub, key: "bad")
        #expect(refused.notices.isEmpty && refused.warnings.count == 2)
        #expect(refused.warnings.allSatisfy { $0.contains("401") && !$0.contains("bad") })
    }

    @Test func `joins surprises with the calendar by quarter, exactly`() throws {
        let surprises = #"""
            [{"actual":1.85,"estimate":1.7749,"period":"2025-09-30","quarter":4,"surprise":0.1,
              "surprisePercent":4.2,"symbol":"AAPL","year":2025},
             {"actual":-0.1,"estimate":null,"period":"2025-06-30","quarter":3,"year":2025},
             {"actual":1,"estimate":1,"quarter":9,"year":2025}]
            """#
        let calendar = #"""
            {"earningsCalendar":[{"date":"2026-01-29","epsActual":null,"epsEstimate":2.67,"hour":"",
              "quarter":1,"symbol":"AAPL","year":2026},
             {"date":"2025-10-30","epsActual":1.85,"epsEstimate":1.77,"hour":"amc","quarter":4,
              "symbol":"AAPL","year":2025}]}
            """#
        let reports = try ReferenceAnswers.finnhubEarnings(
            Array(surprises.utf8), calendar: Array(calendar.utf8), "AAPL")
        #expect(
            reports == [
                EarningsReport(
                    symbol: "AAPL", fiscalYear: 2026, quarter: 1,
                    reportedOn: CivilDate(year: 2026, month: 1, day: 29), estimate: "2.67"),
                EarningsReport(
                    symbol: "AAPL", fiscalYear: 2025, quarter: 4,
                    periodEnd: CivilDate(year: 2025, month: 9, day: 30),
                    reportedOn: CivilDate(year: 2025, month: 10, day: 30), hour: .afterClose,
                    estimate: "1.7749", actual: "1.85"),
                EarningsReport(
                    symbol: "AAPL", fiscalYear: 2025, quarter: 3,
                    periodEnd: CivilDate(year: 2025, month: 6, day: 30), actual: "-0.1"),
            ])
        #expect(throws: (any Error).self) {
            try ReferenceAnswers.finnhubEarnings([], calendar: Array(calendar.utf8), "AAPL")
        }
    }

    @Test func `takes a capitalisation in dollars only, and knows when a name is unknown`() throws {
        func listing(_ json: String) throws -> Listing? {
            try ReferenceAnswers.finnhubListing(Array(json.utf8), "ACME")
        }
        #expect(try listing("{}") == nil)
        let euro = #"{"name":"Acme","currency":"EUR","marketCapitalization":900000}"#
        #expect(try listing(euro) == Listing(symbol: "ACME", name: "Acme"))
        let small =
            #"{"name":"Acme","currency":"USD","marketCapitalization":299.9,"#
            + #""finnhubIndustry":"N/A"}"#
        #expect(try listing(small) == Listing(symbol: "ACME", name: "Acme", segment: .micro))
    }

    private func stop(_ simulator: ProviderSimulator) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        _ = try simulator.finish()
                        try simulator.shutDown()
                    })
            }
        }
    }
}
