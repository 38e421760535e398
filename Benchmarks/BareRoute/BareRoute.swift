import Hummingbird
import Logging

/// `ticktop-bare-route PORT`: Hummingbird alone, with one route that gives the same bytes each
/// time, as many as a quote has. What the side port is measured against.
@main
enum BareRoute {
    private static let body = #"""
        {"ticker":"AAPL","price":231.4401,"volume":100,"timestamp":"2026-01-02T15:59:59.123Z",\#
        "sequence_number":1767286799123456,"bid":231.43,"ask":231.45,"change":-0.61,\#
        "change_pct":-0.2628734108,"change_basis":"previous_close","age_ms":12,"stale":false}
        """#

    /// Runs until the process is told to end; port 0 takes a free one.
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 0
        let router = Router()
        let bytes = ByteBuffer(string: body)
        router.get("quotes/{ticker}") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: bytes))
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: Logger(label: "bare", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await application.runService()
    }
}
