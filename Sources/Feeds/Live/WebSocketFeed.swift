import MarketModel
import NIOCore
import NIOPosix
import Synchronization

/// Which provider a live feed speaks with, and how.
public struct WebSocketFeedOptions: Sendable {
    public enum Provider: Sendable {
        case massive
        case binance

        public var source: FeedSource { self == .massive ? .massive : .binance }

        /// The provider's own address.
        public var urlDefault: String {
            switch self {
            case .massive: "wss://socket.massive.com/stocks"
            case .binance: "wss://stream.binance.com:9443"
            }
        }
    }

    public enum Certificates: Equatable, Sendable {
        /// Checked against the system's trust store.
        case system
        /// Checked against the certificates of a PEM file alone.
        case file(String)
        /// Any certificate is accepted: for a test server on one's own machine.
        case unchecked
    }

    public var provider: Provider
    public var url: String
    public var symbols: [Symbol]
    /// Massive only.
    public var key = ProviderKey("")
    /// Massive's topics, each subscribed for every symbol.
    public var topics = ["T", "Q", "AM", "LULD"]
    public var certificates = Certificates.system
    /// How often the provider is asked for a sign of life; after two without any the connection is
    /// given up.
    public var pingEvery = Duration.seconds(25)
    public var connectTimeout = Duration.seconds(10)
    public var retryFirst = Duration.seconds(1)
    public var retryLongest = Duration.seconds(60)
    /// How long data must have flowed for the delay to start over.
    public var retryResetAfter = Duration.seconds(30)
    /// A connection older than this is replaced: Binance ends every one after 24 hours. `nil` for
    /// never.
    public var renewAfter: Duration?
    /// Of the delays' jitter.
    public var seed: UInt64 = 1
    /// A message, or the fragments of one together, may not be larger.
    public static let messageBytesMax = 1 << 20

    public init(_ provider: Provider, symbols: [Symbol]) {
        self.provider = provider
        self.symbols = symbols
        url = provider.urlDefault
        renewAfter = provider == .binance ? .seconds(23 * 3600 + 50 * 60) : nil
    }
}

/// A provider's WebSocket as a feed: connects, subscribes, stamps what arrives, and comes back
/// after every passing trouble.
///
/// Frames go into the queue with the time at which their bytes were read from the socket;
/// connection records stand where the connection came and went. The queue must shed when it is
/// full, since a provider drops a reader that waits.
public final class WebSocketFeed: Sendable {
    private let options: WebSocketFeedOptions
    private let clock: any MarketClock
    private let onStatus: @Sendable (FeedStatus) -> Void
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: FeedLoop
    private let hasStopped = Atomic(false)

    /// `onStatus` is called on the feed's own thread.
    public init(
        _ options: WebSocketFeedOptions, clock: any MarketClock,
        onStatus: @escaping @Sendable (FeedStatus) -> Void
    ) {
        self.options = options
        self.clock = clock
        self.onStatus = onStatus
        loop = FeedLoop(options, clock: clock, eventLoop: group.next(), onStatus: onStatus)
    }

    /// `wss://socket.massive.com/stocks`: what may be shown of the address, never a key.
    public var shownAddress: String { FeedAddress(options.url)?.shown ?? "(bad address)" }

    /// Begins to connect. Once only.
    public func start(into queue: FrameQueue) {
        precondition(queue.rule == .shed, "a live socket cannot wait")
        loop.begin(into: queue)
    }

    /// Gives up the connection there is, or the wait for the next, and connects at once. Nothing
    /// after a refusal or `stop`. Returns at once.
    public func reconnect() { loop.reconnect() }

    /// Says goodbye to the provider and returns when nothing more will be offered; once more does
    /// nothing. Not from the feed's own thread.
    public func stop() {
        guard !hasStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        loop.end()
        group.shutdownGracefully { [onStatus] error in
            if let error { onStatus(.warning("closing the feed: \(error)")) }
        }
    }
}
