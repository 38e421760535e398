/// A value that cannot be copied, in memory of its own, or none: a ticker's part that may be off.
struct OwnedPointer<Value: ~Copyable>: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<Value>?

    var isEmpty: Bool { pointer == nil }

    init() { pointer = nil }

    deinit {
        pointer?.deinitialize(count: 1)
        pointer?.deallocate()
    }

    mutating func put(_ value: consuming Value) {
        remove()
        let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        place.initialize(to: value)
        pointer = place
    }

    mutating func remove() {
        pointer?.deinitialize(count: 1)
        pointer?.deallocate()
        pointer = nil
    }
}
