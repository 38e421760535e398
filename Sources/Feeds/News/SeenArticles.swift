/// Which articles of one ticker have been given to the log: the newest `capacity` of them.
///
/// One that is forgotten and comes again is offered again, and the engine calls it a duplicate.
struct SeenArticles {
    static let capacity = 2048

    private var identities: Set<UInt64> = []
    /// In the order in which they were seen, in a ring.
    private var order: [UInt64] = []
    private var oldest = 0

    /// True when it is new; it is seen from now on.
    mutating func insert(_ identity: UInt64) -> Bool {
        guard identities.insert(identity).inserted else { return false }
        if order.count < SeenArticles.capacity {
            order.append(identity)
        } else {
            identities.remove(order[oldest])
            order[oldest] = identity
            oldest = (oldest + 1) % SeenArticles.capacity
        }
        return true
    }

    /// FNV-1a over 64 bits.
    static func identity(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
