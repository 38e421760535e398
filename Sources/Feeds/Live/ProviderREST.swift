import AsyncHTTPClient
import Foundation
import MarketModel
import NIOCore
import NIOHTTP1

/// Asking a provider's REST: with its key, with patience for passing trouble, and never following
/// it elsewhere.
struct ProviderREST: Sendable {
    private static let bodyBytesMax = 32 << 20

    var url: String
    /// What carries the key, when there is one: it never stands in an address.
    var header: (name: String, value: String)?
    /// For each request.
    var timeout = Duration.seconds(10)
    /// After 429 and 5xx, and when the provider cannot be reached.
    var retriesMax = 3
    var retryAfter = Duration.seconds(1)

    init(url: String) { self.url = url }

    var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(timeout)
        // The wait between retries is ours.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    func body(_ address: String, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "User-Agent", value: "ticktop")
        if let header { request.headers.add(name: header.name, value: header.value) }
        var attempt = 0
        while true {
            switch await ask(request, client) {
            case .success(let body): return body
            case .failure(let error):
                guard attempt < retriesMax, error.isPassing else { throw error }
            }
            try await ProviderREST.pause(retryAfter * (1 << attempt), client)
            attempt += 1
        }
    }

    static func pause(_ span: Duration, _ client: HTTPClient) async throws {
        guard span > .zero else { return }
        try await client.eventLoopGroup.next().scheduleTask(in: TimeAmount(span)) {}
            .futureResult.get()
    }

    private func ask(_ request: HTTPClientRequest, _ client: HTTPClient) async -> Result<
        [UInt8], FeedError
    > {
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            let body = try await response.body.collect(upTo: ProviderREST.bodyBytesMax)
            let bytes = [UInt8](body.readableBytesView)
            guard response.status == .ok else {
                return .failure(
                    .refusedByProvider(
                        status: Int(response.status.code),
                        reason: ProviderREST.reason(in: bytes)))
            }
            return .success(bytes)
        } catch {
            let host = URLComponents(string: url)?.host ?? url
            return .failure(.unreachable(host: host, reason: String(describing: error)))
        }
    }

    /// What the provider says of its refusal: in `error`, `message` or `msg`.
    private static func reason(in body: [UInt8]) -> String {
        struct Refusal: Decodable {
            var error: String?
            var message: String?
            var msg: String?
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body))
        return refusal?.error ?? refusal?.message ?? refusal?.msg ?? ""
    }
}

extension FeedError {
    /// Worth another try: too many requests, the provider's own trouble, the network's.
    fileprivate var isPassing: Bool {
        switch self {
        case .refusedByProvider(let status, _): status == 429 || status >= 500
        case .unreachable: true
        default: false
        }
    }
}
