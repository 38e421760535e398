import Dispatch

/// Follows the configuration of a program without a screen: looks every second, and when asked.
/// What comes of it is told on standard error.
final class Reloading: @unchecked Sendable {
    // Unchecked: `timer` is set and cleared by who starts and stops it, one after the other.
    private var timer: (any DispatchSourceTimer)?
    private let watch: ConfigurationWatch
    private let queue = DispatchQueue(label: "ticktop.configuration")
    private static let interval = DispatchTimeInterval.seconds(1)

    init(_ surroundings: Surroundings, engine: ConfigurationWatch.TakesSettings?) {
        watch = ConfigurationWatch(surroundings, engine: engine)
    }

    func look(isAsked: Bool) {
        switch watch.look(isAsked: isAsked, { _ in }) {
        case .unchanged: break
        case .changed(_, let note): complain(note)
        case .trouble(let reason): complain("\(reason) · what was read before holds")
        }
    }

    func start() {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + Reloading.interval, repeating: Reloading.interval)
        timer.setEventHandler { [self] in look(isAsked: false) }
        timer.activate()
        self.timer = timer
    }

    func stop() {
        timer?.cancel()
        timer = nil
        queue.sync {}
    }
}
