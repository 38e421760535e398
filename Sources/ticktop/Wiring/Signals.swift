import Dispatch
import Foundation
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into one call, so that a program without a screen ends in
/// order.
final class Signals: @unchecked Sendable {
    // Unchecked: set up in `init` and only held afterwards.
    private let sources: [any DispatchSourceSignal]

    /// Those that came before the sources could hear of them, a bit each. A handler has nowhere
    /// else to leave them.
    private static let early = Atomic<UInt64>(0)

    /// `onEnd` runs on a queue of its own, once a signal. With `onReload` SIGHUP asks for that
    /// instead, as services are told to read their configuration again.
    init(
        onReload: (@Sendable () -> Void)? = nil, onEnd: @escaping @Sendable (Int32) -> Void
    ) {
        let take: @Sendable (Int32) -> Void = { number in
            if number == SIGHUP, let onReload { onReload() } else { onEnd(number) }
        }
        let queue = DispatchQueue(label: "ticktop.signals")
        // Made before a handler reads it.
        Signals.early.store(0, ordering: .relaxed)
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // To ignore them would be to lose what comes until the source is registered.
            signal(number) { Signals.early.bitwiseOr(1 << UInt64($0), ordering: .relaxed) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { take(number) }
            source.setRegistrationHandler {
                let early = Signals.early.load(ordering: .relaxed)
                if early & 1 << UInt64(number) != 0 { take(number) }
            }
            source.resume()
            return source
        }
    }
}
