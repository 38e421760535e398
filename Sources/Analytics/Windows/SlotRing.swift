import MarketModel

/// The closed one-second slots of the last five minutes that have had trades: memory follows
/// activity, up to 11 KiB.
///
/// A slot has an age, the seconds before the current slot, and a rank among those that are kept,
/// from 0 for the newest. Of the last minute's slots the last price is kept, too. Sums too large
/// for 32 bytes go to a side table, made when the first such slot appears.
struct SlotRing: ~Copyable {
    /// Seconds that a slot is kept.
    static let span = 300
    static let minute = 60

    private struct Slot: BitwiseCopyable {
        var volume: Int64
        var priceSum: Int64
        var notionalLow: UInt64
        var notionalHigh: Int32
        var priceCount: UInt32
    }

    /// The volume of a slot that is kept in the side table.
    private static let isWide = Int64.min
    private static let slotsPerLine = MarketMemory.lineBytes / MemoryLayout<Slot>.stride
    /// Ten volumes below it make a sum of one word.
    private static let volumeMax: Int64 = 1 << 59

    /// The ages that are kept. Age 0 only between `push` and `turn`.
    private(set) var ages = AgeMask()
    /// `nil` while the capacity is 0. The last minute's prices lie behind them in the same block.
    private var slots: UnsafeMutablePointer<Slot>?
    private var held: UInt16 = 0
    private var room: UInt16 = 0
    private var end: UInt16 = 0
    private var wide: UnsafeMutablePointer<SlotTotals>?
    private let memory: MarketMemory

    init(memory: MarketMemory) { self.memory = memory }

    deinit { release() }

    var isEmpty: Bool { held == 0 }

    private(set) var count: Int {
        @inline(__always) get { Int(held) }
        @inline(__always) set { held = UInt16(truncatingIfNeeded: newValue) }
    }

    private var capacity: Int {
        @inline(__always) get { Int(room) }
        @inline(__always) set { room = UInt16(truncatingIfNeeded: newValue) }
    }

    /// Where the next slot will be stored.
    private var next: Int {
        @inline(__always) get { Int(end) }
        @inline(__always) set { end = UInt16(truncatingIfNeeded: newValue) }
    }

    @inline(__always)
    private var base: UnsafeMutablePointer<Slot> {
        guard let slots else { preconditionFailure("a ring without room holds no slots") }
        return slots
    }

    /// Of the newest 60, which are all that can be of the last minute.
    @inline(__always)
    private var seconds: UnsafeMutablePointer<ClosedSecond> {
        UnsafeMutableRawPointer(base + capacity).assumingMemoryBound(to: ClosedSecond.self)
    }

    @inline(__always)
    private func index(_ rank: Int) -> Int {
        let index = next &- 1 &- rank
        return index < 0 ? index &+ capacity : index
    }

    /// Capacities above a minute are whole minutes, so that this goes round with the ring.
    @inline(__always)
    private func secondIndex(_ index: Int) -> Int {
        index < SlotRing.minute ? index : index % SlotRing.minute
    }

    /// The sums of the slot of a rank.
    @inline(__always)
    func totals(_ rank: Int) -> SlotTotals { totals(at: index(rank)) }

    @inline(__always)
    private func totals(at index: Int) -> SlotTotals {
        let slot = base[index]
        if slot.volume == SlotRing.isWide, let wide { return wide[index] }
        var totals = SlotTotals()
        totals.volume = Int128(slot.volume)
        totals.notional = Int128(slot.notionalHigh) << 64 | Int128(slot.notionalLow)
        totals.priceSum = Int128(slot.priceSum)
        totals.priceCount = Int64(slot.priceCount)
        return totals
    }

    /// Of a slot of the last minute, by its rank.
    @inline(__always)
    func second(_ rank: Int) -> ClosedSecond { seconds[secondIndex(index(rank))] }

    func setSecond(_ second: ClosedSecond, _ rank: Int) {
        seconds[secondIndex(index(rank))] = second
    }

    /// The current slot closes with these sums: it gets age 0, until the next `turn`.
    @inline(__always)
    mutating func push(_ totals: SlotTotals, _ second: ClosedSecond) {
        if count == capacity { grow() }
        let place = next
        next = place &+ 1 == capacity ? 0 : place &+ 1
        count &+= 1
        ages.insert(0)
        store(totals, at: place)
        seconds[secondIndex(place)] = second
    }

    /// All slots grow older; the oldest `leaving` of them are dropped: those that are 300 s old
    /// then.
    @inline(__always)
    mutating func turn(by elapsed: Int, leaving: Int) {
        count &-= leaving
        ages.age(by: elapsed)
    }

    /// Where the next slot, and its price, will be put; `nil` without room.
    @inline(__always)
    var ends: (slot: UnsafeRawPointer, price: UnsafeRawPointer)? {
        guard let slots else { return nil }
        return (UnsafeRawPointer(slots + next), UnsafeRawPointer(seconds + secondIndex(next)))
    }

    /// Where the slots of the last minute lie, and the price of the oldest of them.
    @inline(__always)
    func forEachLineOfMinute(_ take: (UnsafeRawPointer) -> Void) {
        guard let slots, held > 0 else { return }
        let newest = min(count, SlotRing.minute)
        for rank in stride(from: 0, to: newest, by: SlotRing.slotsPerLine) {
            take(UnsafeRawPointer(slots + index(rank)))
        }
        take(UnsafeRawPointer(slots + index(newest &- 1)))
        take(UnsafeRawPointer(seconds + secondIndex(index(newest &- 1))))
    }

    mutating func removeAll() {
        release()
        (slots, wide) = (nil, nil)
        (count, capacity, next) = (0, 0, 0)
        ages = AgeMask()
    }

    /// Adds to a slot of an age from 1 on, which is made when there is none. Its rank.
    mutating func add(_ added: SlotTotals, age: Int) -> Int {
        let rank = ages.count(below: age)
        if !ages[age] { insert(age, rank) }
        store(totals(rank) + added, at: index(rank))
        return rank
    }

    private mutating func insert(_ age: Int, _ rank: Int) {
        if count == capacity { grow() }
        ages.insert(age)
        count += 1
        if rank < count - 1 {
            next = next + 1 == capacity ? 0 : next + 1
            for newer in 0..<rank { move(index(newer + 1), to: index(newer)) }
        }
        store(.zero, at: index(rank))
        if age < SlotRing.minute { setSecond(.empty, rank) }
    }

    private func move(_ from: Int, to place: Int) {
        base[place] = base[from]
        seconds[secondIndex(place)] = seconds[secondIndex(from)]
        if let wide { wide[place] = wide[from] }
    }

    @inline(__always)
    private mutating func store(_ totals: SlotTotals, at index: Int) {
        let notionalHigh = Int64(truncatingIfNeeded: totals.notional >> 64)
        guard let volume = Int64(exactly: totals.volume),
            volume.magnitude < SlotRing.volumeMax.magnitude,
            let priceSum = Int64(exactly: totals.priceSum),
            let notionalHigh = Int32(exactly: notionalHigh),
            let priceCount = UInt32(exactly: totals.priceCount)
        else {
            storeWide(totals, at: index)
            return
        }
        base[index] = Slot(
            volume: volume, priceSum: priceSum,
            notionalLow: UInt64(truncatingIfNeeded: totals.notional),
            notionalHigh: notionalHigh, priceCount: priceCount)
    }

    @inline(never)
    private mutating func storeWide(_ totals: SlotTotals, at index: Int) {
        if wide == nil { wide = .allocate(capacity: SlotRing.span) }
        wide?[index] = totals
        base[index].volume = SlotRing.isWide
    }

    /// Volume of `count` slots from a rank on, at most ten.
    @inline(__always)
    func volume(from rank: Int, count: Int) -> Int128 {
        if wide != nil { return wideVolume(from: rank, count: count) }
        var sum: Int64 = 0
        for rank in rank..<rank + count { sum &+= base[index(rank)].volume }
        return Int128(sum)
    }

    @inline(never)
    private func wideVolume(from rank: Int, count: Int) -> Int128 {
        var sum: Int128 = 0
        for rank in rank..<rank + count { sum &+= totals(rank).volume }
        return sum
    }
}

/// Room.
extension SlotRing {
    /// A ticker begins with a few slots, and most never have many: by halves, up to a minute, so
    /// that little room lies empty.
    private static func larger(_ capacity: Int) -> Int {
        switch capacity {
        case 0: 4
        case 4: 8
        case 40: minute
        case minute: 2 * minute
        case 2 * minute: span
        default: capacity + capacity / 2
        }
    }

    private static func bytes(_ capacity: Int) -> Int {
        capacity * MemoryLayout<Slot>.stride
            + min(capacity, minute) * MemoryLayout<ClosedSecond>.stride
    }

    @inline(never)
    private mutating func grow() {
        var larger = SlotRing(memory: memory)
        larger.capacity = SlotRing.larger(capacity)
        larger.slots = memory.take(SlotRing.bytes(larger.capacity))
            .assumingMemoryBound(to: Slot.self)
        guard capacity > 0 else {
            self = larger
            return
        }
        larger.ages = ages
        // Full, so that the oldest lies where the next would be put.
        let newer = capacity - next
        larger.base.update(from: base + next, count: newer)
        (larger.base + newer).update(from: base, count: next)
        for rank in 0..<min(count, SlotRing.minute) {
            larger.seconds[larger.secondIndex(count - 1 - rank)] = second(rank)
        }
        if let wide {
            let room = UnsafeMutablePointer<SlotTotals>.allocate(capacity: SlotRing.span)
            for rank in 0..<count { room[count - 1 - rank] = wide[index(rank)] }
            larger.wide = room
        }
        larger.next = count
        larger.count = count
        self = larger
    }

    private func release() {
        if let slots { memory.giveBack(slots, SlotRing.bytes(capacity)) }
        wide?.deallocate()
    }
}
