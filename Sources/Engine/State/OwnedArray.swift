/// A growing run of values that cannot be copied, owned and destroyed by whoever holds it.
///
/// Hands out pointers into its storage, valid until the next `append`: the engine's thread is the
/// only user.
struct OwnedArray<Element: ~Copyable>: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private var storage: UnsafeMutablePointer<Element>?

    init(capacity: Int = 1) {
        self.capacity = capacity
        storage = capacity == 0 ? nil : .allocate(capacity: capacity)
    }

    deinit {
        storage?.deinitialize(count: count)
        storage?.deallocate()
    }

    mutating func append(_ element: consuming Element) {
        if count == capacity {
            capacity = max(1, capacity * 2)
            let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
            if let storage {
                larger.moveInitialize(from: storage, count: count)
                storage.deallocate()
            }
            storage = larger
        }
        count += 1
        pointer(at: count - 1).initialize(to: element)
    }

    @inline(__always)
    func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        guard let storage else { preconditionFailure("nothing has been appended") }
        assert(index >= 0 && index < count, "beyond the end")
        return storage + index
    }
}
