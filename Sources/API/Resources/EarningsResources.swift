import Engine
import MarketModel

/// What a ticker's company earned, and how the price went after it said so.
struct EarningsResources: Sendable {
    private static let sessions = Parameter<Int>.integer(
        "sessions", 1...10, default: 1, "Sessions of the return that surprises are compared with.")
    /// Daily bars that reach back further than any report that is kept.
    private static let daysMax = 1000

    let reader: MarketReader
    /// Made of reports and final daily bars, the oldest first.
    let study: @Sendable ([EarningsReport], _ days: [Bar], _ sessions: Int) -> EarningsStudy

    var routes: [Route] {
        [
            .get(
                "/api/v1/earnings/{ticker}",
                "Surprises by quarter, and the price after each report.",
                [Parameters.ticker.definition, EarningsResources.sessions.definition],
                answer: .listing(.earnings, member: "reports", rows: .earningsReport),
                statuses: [404], cacheSeconds: 60, earnings)
        ]
    }

    private func earnings(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let sessions = try request.value(EarningsResources.sessions)
        let reports = try await reader.stored(of: symbol) { try $0.earnings(symbol) }
        let days = try await reader.stored {
            try $0.bars(
                symbol, interval: .day, from: nil, to: nil, limit: EarningsResources.daysMax)
        }
        let found = study(reports, days.filter(\.isFinal), sessions)
        return Reply(
            [
                "ticker": .of(symbol), "reports": .list(reports.map(JSON.report)),
                "paths": .list(found.paths.map(JSON.path)), "sessions": .of(sessions),
                "correlation": .of(found.correlation), "pairs": .of(found.pairCount),
                "reason": .of(
                    EarningsResources.reason(reports, found, isDaily: !days.isEmpty)),
            ])
    }

    /// Why something is missing; `nil` when all is there.
    private static func reason(_ reports: [EarningsReport], _ study: EarningsStudy, isDaily: Bool)
        -> String?
    {
        if reports.isEmpty {
            return "No earnings have been received: they come from Finnhub, with FINNHUB_API_KEY."
        }
        if !isDaily { return "No daily bars are stored of the days around the reports." }
        if study.paths.isEmpty {
            return "No stored daily bar closes the session before a report whose day is known."
        }
        if study.correlation == nil {
            return
                "Fewer than three reports have a surprise and a return, or one side never varies."
        }
        return nil
    }
}

extension JSON {
    fileprivate static func report(_ report: EarningsReport) -> JSON {
        [
            "fiscal_year": .of(report.fiscalYear), "quarter": .of(report.quarter),
            "period_end": .of(report.periodEnd?.description),
            "reported_on": .of(report.reportedOn?.description),
            "hour": .of(report.hour?.rawValue), "estimate": .of(report.estimate),
            "actual": .of(report.actual), "surprise": .of(report.surprise),
            "surprise_pct": .of(report.surprisePercent),
        ]
    }

    fileprivate static func path(_ path: EarningsStudy.Path) -> JSON {
        [
            "reported_on": .of(path.reportedOn.description),
            "values": .list(path.values.map { .of($0) }),
        ]
    }
}

extension Schema {
    fileprivate static let earningsReport = Schema.object(
        "EarningsReport",
        [
            ("fiscal_year", .integer()), ("quarter", .integer(1...4)),
            ("period_end", .nullable(.date)), ("reported_on", .nullable(.date)),
            ("hour", .nullable(.choice(EarningsReport.Hour.allCases.map(\.rawValue)))),
            ("estimate", .nullable(.number)), ("actual", .nullable(.number)),
            ("surprise", .nullable(.number)), ("surprise_pct", .nullable(.number)),
        ])
    fileprivate static let earnings = Schema.object(
        "Earnings",
        [
            ("ticker", .ticker), ("reports", .list(of: .earningsReport)),
            (
                "paths",
                .list(
                    of: .object(
                        "EarningsPath",
                        [("reported_on", .date), ("values", .list(of: .number))]))
            ), ("sessions", .integer(1...10)), ("correlation", .nullable(.number)),
            ("pairs", .integer(0...Int.max)), ("reason", .nullable(.text)),
        ])
}
