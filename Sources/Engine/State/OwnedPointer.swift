import Analytics

/// A value that cannot be copied, in its market's memory, or none: a ticker's part that may be off.
struct OwnedPointer<Value: ~Copyable>: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<Value>?
    private let memory: MarketMemory

    var isEmpty: Bool { pointer == nil }

    init(in memory: MarketMemory) {
        self.memory = memory
        pointer = nil
    }

    deinit {
        guard let pointer else { return }
        pointer.deinitialize(count: 1)
        memory.giveBack(pointer, count: 1)
    }

    mutating func put(_ value: consuming Value) {
        remove()
        let place = memory.take(Value.self, count: 1)
        place.initialize(to: value)
        pointer = place
    }

    mutating func remove() {
        guard let pointer else { return }
        pointer.deinitialize(count: 1)
        memory.giveBack(pointer, count: 1)
        self.pointer = nil
    }
}
