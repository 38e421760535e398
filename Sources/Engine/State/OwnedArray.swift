/// A growing run of values that cannot be copied, owned and destroyed by whoever holds it.
///
/// Hands out pointers into its storage, valid until the next `append`: the engine's thread is the
/// only user.
struct OwnedArray<Element: ~Copyable>: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private var storage: UnsafeMutablePointer<Element>

    init(capacity: Int = 1) {
        self.capacity = max(1, capacity)
        storage = .allocate(capacity: self.capacity)
    }

    deinit {
        storage.deinitialize(count: count)
        storage.deallocate()
    }

    mutating func append(_ element: consuming Element) {
        if count == capacity {
            let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: storage, count: count)
            storage.deallocate()
            storage = larger
            capacity *= 2
        }
        (storage + count).initialize(to: element)
        count += 1
    }

    /// `nil` when empty.
    var first: UnsafeMutablePointer<Element>? { count == 0 ? nil : storage }

    @inline(__always)
    func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        assert(index >= 0 && index < count, "beyond the end")
        return storage + index
    }
}
