import Engine
import Foundation
import MarketModel

/// What `ticktop attach` reads: stored rows with every digit, in the bytes of `Engine.StoredRows`.
///
/// The same rows stand in JSON on the routes for everybody else.
struct AttachResources: Sendable {
    /// Tickers in one question.
    static let tickersMax = 200

    let reader: MarketReader

    private static let limit = Parameter<Int>.integer(
        "limit", 1...2000, default: 100, "How many at most; of bars, of each ticker.")
    private static let interval = Parameters.interval("interval", default: .minute)
    private static let from = moment("from", "At this moment or later; Unix nanoseconds.")
    private static let to = moment("to", "Before this moment; Unix nanoseconds.")
    private static let since = moment("since", "At this moment or later; Unix nanoseconds.")
    private static let ticker = Parameter<Symbol?>.text(
        "ticker", .ticker, "Of this ticker only.", range: "a ticker"
    ) { Symbol($0) }
    private static let tickers = Parameter<[Symbol]?>.text(
        "tickers",
        .pattern("^[A-Za-z0-9./:_^=-]{1,16}(,[A-Za-z0-9./:_^=-]{1,16}){0,\(tickersMax - 1)}$"),
        "Which tickers, parted by commas.", range: "1..\(tickersMax) tickers"
    ) { list($0) }
    private static let name = Parameter<String?>.text(
        "by", .pattern("^[A-Za-z0-9._@+-]{1,64}$"), "Who has seen it.",
        range: "1..64 letters, digits or . _ @ + -"
    ) { isName($0) ? $0 : nil }
    var routes: [Route] {
        (market + log).map { $0.guarded() }
    }

    private var market: [Route] {
        [
            .get(
                "/api/v1/attach/bars", "The newest bars of each ticker, oldest first.",
                [
                    Self.tickers.definition, Self.interval.definition, Self.from.definition,
                    Self.to.definition, Self.limit.definition,
                ], answer: .rows(of: "Bars"), bars),
            .get(
                "/api/v1/attach/trades/{ticker}", "Trades, newest first.",
                [
                    Parameters.ticker.definition, Parameters.beforePosition.definition,
                    Self.limit.definition,
                ], answer: .rows(of: "Trades"), trades),
            .get(
                "/api/v1/attach/features/{ticker}", "Feature vectors, newest first.",
                [Parameters.ticker.definition, Self.limit.definition],
                answer: .rows(of: "Feature vectors"), features),
            .get(
                "/api/v1/attach/listings", "Companies, in alphabetical order of ticker.",
                answer: .rows(of: "Listings"), listings),
            .get(
                "/api/v1/attach/earnings/{ticker}", "Reports of earnings, newest first.",
                [Parameters.ticker.definition], answer: .rows(of: "Reports of earnings"), earnings),
        ]
    }

    private var log: [Route] {
        let filters = [
            Self.ticker.definition, Self.since.definition, Parameters.episodeState.definition,
            Parameters.acknowledged.definition, Parameters.severity.definition,
            Parameters.anomalyKind.definition,
        ]
        let news = [Self.ticker.definition, Self.since.definition, Self.limit.definition]
        let acknowledging = [AnomalyResources.id, Self.name.definition]
        return [
            .get(
                "/api/v1/attach/anomalies", "Anomalies, newest first.",
                filters + [Self.limit.definition], answer: .rows(of: "Anomalies"), episodes),
            .write(
                "POST", "/api/v1/attach/anomalies/{id}/ack",
                "Notes that somebody has seen the anomaly.", acknowledging,
                answer: .rows(of: "The anomaly"), body: .acknowledgementNote, statuses: [404],
                acknowledge),
            .write(
                "DELETE", "/api/v1/attach/anomalies/{id}/ack", "Takes the acknowledgement back.",
                acknowledging, answer: .rows(of: "The anomaly"), statuses: [404], unacknowledge),
            .get(
                "/api/v1/attach/news", "Articles, newest first.", news,
                answer: .rows(of: "Articles"), articles),
            .get(
                "/api/v1/attach/signals", "Signals of the indicators, newest first.", news,
                answer: .rows(of: "Signals"), signals),
            .get(
                "/api/v1/attach/dead-letters", "Dead letters, newest first.",
                [Parameters.beforePosition.definition, Self.limit.definition],
                answer: .rows(of: "Dead letters"), deadLetters),
            .get(
                "/api/v1/attach/dead-letters/count", "How many dead letters there are.",
                answer: .rows(of: "One number"), deadLetterCount),
        ]
    }

    private static func moment(_ name: String, _ meaning: String) -> Parameter<Timestamp?> {
        .text(name, .pattern("^-?[0-9]{1,18}$"), meaning, range: "Unix nanoseconds") {
            Int64($0).map { Timestamp(nanoseconds: $0) }
        }
    }

    private static func list(_ text: String) -> [Symbol]? {
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
        let symbols = names.compactMap { Symbol($0) }
        return symbols.count == names.count && symbols.count <= tickersMax ? symbols : nil
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 < 0x80
                    && (Character(UnicodeScalar($0)).isLetter
                        || Character(UnicodeScalar($0)).isNumber || "._@+-".utf8.contains($0))
            }
    }
}

extension AttachResources {
    private func bars(_ request: APIRequest) async throws(Problem) -> Reply {
        let tickers = try request.value(Self.tickers) ?? []
        let interval = try request.value(Self.interval) ?? .minute
        let from = try request.value(Self.from)
        let to = try request.value(Self.to)
        let limit = try request.value(Self.limit)
        let bars = try await reader.stored { history in
            try tickers.flatMap {
                try history.bars($0, interval: interval, from: from, to: to, limit: limit)
            }
        }
        return Reply(bytes: StoredRows.bars.bytes(bars))
    }

    private func trades(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let before = try request.value(Parameters.beforePosition)
        let limit = try request.value(Self.limit)
        let trades = try await reader.stored {
            try $0.trades(symbol, before: before, limit: limit)
        }
        return Reply(bytes: StoredRows.trades.bytes(trades))
    }

    private func features(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let limit = try request.value(Self.limit)
        let vectors = try await reader.stored { try $0.features(symbol, limit: limit) }
        return Reply(bytes: StoredRows.features.bytes(vectors))
    }

    private func listings(_ request: APIRequest) async throws(Problem) -> Reply {
        let listings = try await reader.stored { try $0.listings() }
        return Reply(bytes: StoredRows.listings.bytes(listings))
    }

    private func earnings(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let reports = try await reader.stored { try $0.earnings(symbol) }
        return Reply(bytes: StoredRows.earnings.bytes(reports))
    }

    private func episodes(_ request: APIRequest) async throws(Problem) -> Reply {
        var query = EpisodeQuery()
        query.symbol = try request.value(Self.ticker)
        query.since = try request.value(Self.since)
        query.isOpen = try request.value(Parameters.episodeState)
        query.isAcknowledged = try request.value(Parameters.acknowledged)
        query.severity = try request.value(Parameters.severity)
        query.kind = try request.value(Parameters.anomalyKind)
        query.limit = try request.value(Self.limit)
        let readings = try await reader.stored { [query] in try $0.episodes(query) }
        return Reply(bytes: StoredRows.episodes.bytes(readings))
    }

    private func acknowledge(_ request: APIRequest) async throws(Problem) -> Reply {
        let name = try request.value(Self.name) ?? AnomalyResources.tokenName
        let reading = try await reader.acknowledge(request, by: name)
        return Reply(bytes: StoredRows.episodes.bytes([reading]))
    }

    private func unacknowledge(_ request: APIRequest) async throws(Problem) -> Reply {
        let name = try request.value(Self.name) ?? AnomalyResources.tokenName
        let reading = try await reader.unacknowledge(request, by: name)
        return Reply(bytes: StoredRows.episodes.bytes([reading]))
    }

    private func articles(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Self.ticker)
        let since = try request.value(Self.since)
        let limit = try request.value(Self.limit)
        let articles = try await reader.stored {
            try $0.articles(symbol, since: since, limit: limit)
        }
        return Reply(bytes: StoredRows.articles.bytes(articles))
    }

    private func signals(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Self.ticker)
        let since = try request.value(Self.since)
        let limit = try request.value(Self.limit)
        let signals = try await reader.stored {
            try $0.signals(symbol, since: since, limit: limit)
        }
        return Reply(bytes: StoredRows.signals.bytes(signals))
    }

    private func deadLetters(_ request: APIRequest) async throws(Problem) -> Reply {
        let before = try request.value(Parameters.beforePosition)
        let limit = try request.value(Self.limit)
        let letters = try await reader.stored { try $0.deadLetters(before: before, limit: limit) }
        return Reply(bytes: StoredRows.deadLetters.bytes(letters))
    }

    private func deadLetterCount(_ request: APIRequest) async throws(Problem) -> Reply {
        let count = try await reader.stored { try $0.deadLetterCount() }
        return Reply(bytes: StoredRows.counts.bytes([Int64(count)]))
    }
}
