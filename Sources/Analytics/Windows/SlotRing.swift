import MarketModel

/// The closed one-second slots of the last five minutes, 32 bytes each.
///
/// A slot is addressed by its age: seconds before the current slot, 1 to 299. The current slot is
/// not in here until it closes. Sums too large for 32 bytes go to a side table, made when the first
/// such slot appears.
struct SlotRing: ~Copyable {
    static let count = 300

    private struct Packed: BitwiseCopyable {
        var priceSum: Int64
        var notionalLow: UInt64
        var notionalHigh: Int32
        var priceCount: UInt32
    }

    /// In `volumes`, of a slot that is kept in the side table.
    private static let isWide = Int64.min

    /// Volumes lie by themselves, since the volume score reads 210 of them in a row.
    private let volumes: UnsafeMutablePointer<Int64>
    private let packed: UnsafeMutablePointer<Packed>
    private var wide: UnsafeMutablePointer<SlotTotals>?
    /// Where the current slot will be stored.
    private var cursor = 0

    init() {
        volumes = .allocate(capacity: SlotRing.count)
        volumes.initialize(repeating: 0, count: SlotRing.count)
        packed = .allocate(capacity: SlotRing.count)
        packed.initialize(
            repeating: Packed(priceSum: 0, notionalLow: 0, notionalHigh: 0, priceCount: 0),
            count: SlotRing.count)
    }

    deinit {
        volumes.deallocate()
        packed.deallocate()
        wide?.deallocate()
    }

    @inline(__always)
    private func index(age: Int) -> Int {
        let index = cursor &- age
        return index < 0 ? index &+ SlotRing.count : index
    }

    /// The sums of the slot `age` seconds before the current one.
    @inline(__always)
    func totals(age: Int) -> SlotTotals { totals(at: index(age: age)) }

    @inline(__always)
    private func totals(at index: Int) -> SlotTotals {
        let volume = volumes[index]
        if volume == SlotRing.isWide, let wide { return wide[index] }
        var totals = SlotTotals()
        let slot = packed[index]
        totals.volume = Int128(volume)
        totals.notional = Int128(slot.notionalHigh) << 64 | Int128(slot.notionalLow)
        totals.priceSum = Int128(slot.priceSum)
        totals.priceCount = Int64(slot.priceCount)
        return totals
    }

    /// Replaces the sums of a closed slot.
    mutating func set(_ totals: SlotTotals, age: Int) { store(totals, at: index(age: age)) }

    /// Closes the current slot with these sums and turns one second on. What is 300 s old leaves,
    /// and is returned.
    @inline(__always)
    mutating func turn(closing totals: SlotTotals) -> SlotTotals {
        store(totals, at: cursor)
        cursor = cursor == SlotRing.count - 1 ? 0 : cursor &+ 1
        let leaving = self.totals(at: cursor)
        volumes[cursor] = 0
        packed[cursor] = Packed(priceSum: 0, notionalLow: 0, notionalHigh: 0, priceCount: 0)
        return leaving
    }

    @inline(__always)
    private mutating func store(_ totals: SlotTotals, at index: Int) {
        let notionalHigh = Int64(truncatingIfNeeded: totals.notional >> 64)
        guard let volume = Int64(exactly: totals.volume), volume != SlotRing.isWide,
            let priceSum = Int64(exactly: totals.priceSum),
            let notionalHigh = Int32(exactly: notionalHigh),
            let priceCount = UInt32(exactly: totals.priceCount)
        else {
            storeWide(totals, at: index)
            return
        }
        volumes[index] = volume
        packed[index] = Packed(
            priceSum: priceSum, notionalLow: UInt64(truncatingIfNeeded: totals.notional),
            notionalHigh: notionalHigh, priceCount: priceCount)
    }

    @inline(never)
    private mutating func storeWide(_ totals: SlotTotals, at index: Int) {
        if wide == nil {
            let table = UnsafeMutablePointer<SlotTotals>.allocate(capacity: SlotRing.count)
            table.initialize(repeating: .zero, count: SlotRing.count)
            wide = table
        }
        wide?[index] = totals
        volumes[index] = SlotRing.isWide
    }

    /// Volume of `count` slots, from `oldestAge` on towards the present.
    func volume(oldestAge: Int, count: Int) -> Int128 {
        var sum: Int128 = 0
        var index = index(age: oldestAge)
        for _ in 0..<count {
            let volume = volumes[index]
            sum &+= volume == SlotRing.isWide ? totals(at: index).volume : Int128(volume)
            index = index == SlotRing.count - 1 ? 0 : index &+ 1
        }
        return sum
    }
}
