import Dispatch
import Storage

extension StoreWriter {
    private static let patience = DispatchTimeInterval.seconds(5)

    /// A disk that takes nothing must not keep the program from ending: after five seconds of an
    /// ending the writer of a failing store is closed, and `giveUp` called before that. What is not
    /// stored can be read from the log again.
    func closeSoonIfFailing(_ giveUp: @escaping @Sendable () -> Void = {}) {
        DispatchQueue(label: "ticktop.patience").asyncAfter(
            deadline: .now() + StoreWriter.patience
        ) {
            guard self.status.state != .ok else { return }
            giveUp()
            self.close()
        }
    }
}
