import Dispatch
import Foundation

/// Turns SIGINT, SIGTERM and SIGHUP into one call, so that a program without a screen ends in
/// order.
final class Signals: @unchecked Sendable {
    // Unchecked: set up in `init` and only held afterwards.
    private let sources: [any DispatchSourceSignal]

    /// `onEnd` runs on a queue of its own, once a signal.
    init(onEnd: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "ticktop.signals")
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { onEnd(number) }
            source.resume()
            return source
        }
    }
}
