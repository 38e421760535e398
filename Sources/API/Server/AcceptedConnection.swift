import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import Synchronization

/// A connection between its accepting and its handling.
///
/// A server that stops may drop one that it has accepted but handed to nobody, and NIO traps when
/// the writer of such a connection goes away unfinished. So it is closed here.
final class AcceptedConnection: ServerChildChannelValue {
    private let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    private let isTaken = Atomic(false)

    init(_ parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) { self.parts = parts }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        Task { [parts] in try await parts.executeThenClose { _, _ in } }
    }

    var channel: any Channel { parts.channel }

    /// The connection; whoever takes it closes it.
    func take() -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        isTaken.store(true, ordering: .relaxed)
        return parts
    }
}

/// Hummingbird's HTTP/1.1, whose connections survive a server that stops.
struct GuardedHTTP1: ServerChildChannel {
    let http: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        http.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
    }

    func handle(value: AcceptedConnection, logger: Logger) async {
        await http.handle(value: value.take(), logger: logger)
    }
}
