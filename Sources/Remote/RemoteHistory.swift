import AsyncHTTPClient
import Engine
import Foundation
import MarketModel
import NIOCore
import NIOHTTP1
import NIOSSL

/// What another ticktop has stored, asked over its API.
///
/// A call blocks its thread until the answer is there, ten seconds at most; while the board's
/// connection is down it fails at once.
public final class RemoteHistory: MarketHistory {
    private let address: RemoteAddress
    private let token: String
    private let isConnected: @Sendable () -> Bool
    private let client: HTTPClient

    private static let timeout = TimeAmount.seconds(10)
    private static let connectTimeout = TimeAmount.seconds(5)
    /// Shorter than the side port waits for a request: what it may be closing is not used again.
    private static let idleTimeout = TimeAmount.seconds(3)
    private static let answerBytesMax = 64 << 20
    /// As many as one question may name.
    private static let tickersPerRequest = 200

    /// `certificates` is a file of the authorities to trust instead of the system's.
    public init(
        _ address: RemoteAddress, token: String, certificates: String? = nil,
        isConnected: @escaping @Sendable () -> Bool
    ) {
        self.address = address
        self.token = token
        self.isConnected = isConnected
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = RemoteHistory.connectTimeout
        configuration.connectionPool.idleTimeout = RemoteHistory.idleTimeout
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = ClientTLS.configuration(certificates)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// No call may be under way or follow.
    public func close() throws { try client.syncShutdown() }

    public func bars(
        _ symbol: Symbol, interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        try bars([symbol], interval: interval, from: from, to: to, limit: limit)
    }

    public func newestBars(_ symbols: [Symbol], interval: BarInterval, limit: Int) throws
        -> [Symbol: [Bar]]
    {
        var bars: [Bar] = []
        var rest = symbols[...]
        while !rest.isEmpty {
            bars += try self.bars(
                Array(rest.prefix(RemoteHistory.tickersPerRequest)), interval: interval, from: nil,
                to: nil, limit: limit)
            rest = rest.dropFirst(RemoteHistory.tickersPerRequest)
        }
        return Dictionary(grouping: bars, by: \.symbol)
    }

    private func bars(
        _ symbols: [Symbol], interval: BarInterval, from: Timestamp?, to: Timestamp?, limit: Int
    ) throws -> [Bar] {
        try get(
            "bars", StoredRows.bars,
            [
                ("tickers", symbols.map(\.description).joined(separator: ",")),
                ("interval", interval.name), ("from", RemoteHistory.text(from)),
                ("to", RemoteHistory.text(to)), ("limit", String(limit)),
            ])
    }

    public func trades(_ symbol: Symbol, before: LogPosition?, limit: Int) throws -> [StoredTrade] {
        try get(
            "trades/" + RemoteHistory.escaped(symbol.description), StoredRows.trades,
            [("before", before?.description), ("limit", String(limit))])
    }

    public func episodes(_ query: EpisodeQuery) throws -> [EpisodeReading] {
        try get(
            "anomalies", StoredRows.episodes,
            [
                ("ticker", query.symbol?.description), ("since", RemoteHistory.text(query.since)),
                ("state", query.isOpen.map { $0 ? "open" : "closed" }),
                ("acknowledged", query.isAcknowledged.map { String($0) }),
                ("severity", query.severity?.name), ("kind", query.kind?.rawValue),
                ("limit", String(query.limit)),
            ])
    }

    public func articles(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws
        -> [ScoredArticle]
    {
        try get("news", StoredRows.articles, RemoteHistory.list(symbol, since, limit))
    }

    public func signals(_ symbol: Symbol?, since: Timestamp?, limit: Int) throws
        -> [IndicatorSignal]
    {
        try get("signals", StoredRows.signals, RemoteHistory.list(symbol, since, limit))
    }

    public func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter] {
        try get(
            "dead-letters", StoredRows.deadLetters,
            [("before", before?.description), ("limit", String(limit))])
    }

    public func deadLetterCount() throws -> Int {
        Int(try get("dead-letters/count", StoredRows.counts, []).first ?? 0)
    }

    public func features(_ symbol: Symbol, limit: Int) throws -> [FeatureVector] {
        try get(
            "features/" + RemoteHistory.escaped(symbol.description), StoredRows.features,
            [("limit", String(limit))])
    }

    public func listings() throws -> [Listing] { try get("listings", StoredRows.listings, []) }

    public func earnings(_ symbol: Symbol) throws -> [EarningsReport] {
        try get(
            "earnings/" + RemoteHistory.escaped(symbol.description), StoredRows.earnings, [])
    }

    /// The server's clock says when: `at` is left to it.
    public func acknowledge(_ episodeID: String, by: String, at: Timestamp, note: String) throws
        -> EpisodeReading?
    {
        let body = try JSONEncoder().encode(["note": note])
        return try change(.POST, episodeID, by: by, body: body)
    }

    public func unacknowledge(_ episodeID: String, by: String, at: Timestamp) throws
        -> EpisodeReading?
    {
        try change(.DELETE, episodeID, by: by, body: Data())
    }
}

extension RemoteHistory {
    private typealias Query = [(name: String, value: String?)]

    /// `nil` for an episode that the server does not have.
    private func change(_ method: HTTPMethod, _ id: String, by: String, body: Data) throws
        -> EpisodeReading?
    {
        let name = String(by.unicodeScalars.map { RemoteHistory.isNamed($0) ? Character($0) : "_" })
        let path = "anomalies/\(RemoteHistory.escaped(id))/ack"
        let (status, bytes) = try send(
            method, path, [("by", String(name.prefix(64)))], body: body)
        if status == 404, ProblemDetail.text(bytes) != nil { return nil }
        return try rows(StoredRows.episodes, status, bytes).first
    }

    private func get<Row>(_ path: String, _ kind: StoredRows<Row>, _ query: Query) throws -> [Row] {
        let (status, bytes) = try send(.GET, path, query, body: Data())
        return try rows(kind, status, bytes)
    }

    private func rows<Row>(_ kind: StoredRows<Row>, _ status: Int, _ bytes: [UInt8])
        throws(RemoteError) -> [Row]
    {
        guard status == 200 else {
            throw RemoteError(status: status, body: bytes, server: address.server)
        }
        do {
            return try kind.rows(bytes)
        } catch {
            throw .malformedAnswer(server: address.server)
        }
    }

    private func send(_ method: HTTPMethod, _ path: String, _ query: Query, body: Data)
        throws(RemoteError) -> (status: Int, bytes: [UInt8])
    {
        guard isConnected() else { throw .disconnected(server: address.server) }
        let pairs = query.compactMap { name, value in
            value.map { "\(name)=\(RemoteHistory.escaped($0))" }
        }
        var url = address.url("/api/v1/attach/" + path)
        if !pairs.isEmpty { url += "?" + pairs.joined(separator: "&") }
        do {
            var request = try HTTPClient.Request(url: url, method: method)
            request.headers.add(name: "Authorization", value: "Bearer " + token)
            request.headers.add(name: "User-Agent", value: "ticktop")
            if !body.isEmpty {
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .data(body)
            }
            let collected = ResponseAccumulator(
                request: request, maxBodySize: RemoteHistory.answerBytesMax)
            let response = try client.execute(
                request: request, delegate: collected, deadline: .now() + RemoteHistory.timeout
            ).wait()
            return (
                Int(response.status.code), response.body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            throw .unreachable(
                server: address.server, reason: RemoteHistory.text(of: error))
        }
    }

    private static func text(of error: any Error) -> String {
        if let error = error as? HTTPClientError {
            switch error {
            case .deadlineExceeded, .readTimeout, .connectTimeout: return "no answer in time"
            default: return "the connection was lost"
            }
        }
        return ClientTLS.text(of: error)
    }

    private static func list(_ symbol: Symbol?, _ since: Timestamp?, _ limit: Int) -> Query {
        [
            ("ticker", symbol?.description), ("since", text(since)), ("limit", String(limit)),
        ]
    }

    private static func text(_ moment: Timestamp?) -> String? {
        moment.map { String($0.nanoseconds) }
    }

    private static func isNamed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar) || "._@+-".unicodeScalars.contains(scalar))
    }

    /// For a path's segment or a query's value.
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
