import Analytics
import MarketModel

/// What is remembered of ids that rise with gaps: the 4 096 largest, in order. The newest few lie
/// here, beside the ticker, all others in a ring that grows on demand.
///
/// An id beyond the newest costs one store, and nearly always one that touches no memory but the
/// ticker's own; one out of order is moved into its place from the newest end.
///
/// Ids are kept as their low halves while their high ones are the same, which they nearly always
/// are: with thousands of tickers this is much of what a ticker takes.
///
/// Its room is the owner's to give back.
struct RingMark: ~Copyable {
    static let countMax = 4096
    /// Low halves that fill a line of the cache.
    private static let capacityMin: UInt16 = 16
    private static let tailMax = 14

    private(set) var newest: SequenceNumber = .min
    private var room: UnsafeMutableRawPointer?
    /// Where the smallest id lies.
    private var start: UInt16 = 0
    /// Of those in the ring.
    private var held: UInt16 = 0
    /// 0 before the first id, then a power of two.
    private var capacity: UInt16 = 0
    /// An id has been dropped from the ring: what lies below it can no longer be told.
    private(set) var hasForgotten = false
    /// The high halves are not all those of the newest: ids are kept whole, and all in the ring.
    private var isWide = false
    private var tailCount: UInt8 = 0
    /// The newest ids, larger than all in the ring.
    private var tail = InlineArray<14, UInt32>(repeating: 0)

    init() { room = nil }

    var count: Int { Int(held) &+ Int(tailCount) }

    @inline(__always)
    private var ids: UnsafeMutableRawPointer {
        guard let room else { preconditionFailure("a ring without room holds no ids") }
        return room
    }

    @inline(__always)
    private var halves: UnsafeMutablePointer<UInt32> {
        ids.assumingMemoryBound(to: UInt32.self)
    }

    private var wholes: UnsafeMutablePointer<SequenceNumber> {
        ids.assumingMemoryBound(to: SequenceNumber.self)
    }

    /// Where in the ring the id of an index, the smallest first, lies or will lie.
    @inline(__always)
    private func place(_ index: Int) -> Int {
        (Int(start) &+ index) & (Int(capacity) &- 1)
    }

    mutating func removeAll(_ memory: MarketMemory) {
        release(to: memory)
        (room, capacity, held, start, tailCount) = (nil, 0, 0, 0, 0)
        (newest, hasForgotten, isWide) = (.min, false, false)
    }

    /// Gives the room back to where it was taken from: last of all.
    func release(to memory: MarketMemory) {
        if let room { memory.giveBack(room, bytes(capacity)) }
    }

    @inline(__always)
    private var idBytes: Int {
        isWide ? MemoryLayout<SequenceNumber>.stride : MemoryLayout<UInt32>.stride
    }

    private func bytes(_ capacity: UInt16) -> Int { Int(capacity) * idBytes }

    /// Where in the ring the next id will be put; `nil` when it is not, or without room.
    @inline(__always)
    var end: UnsafeRawPointer? {
        guard tailCount == RingMark.tailMax || isWide, let room else { return nil }
        return UnsafeRawPointer(room + place(Int(held)) * idBytes)
    }

    /// Remembers an id and says what it was. `memory` is asked for when there is no room.
    @inline(__always)
    mutating func note(_ id: SequenceNumber, _ memory: @autoclosure () -> MarketMemory) -> Memory {
        guard id > newest, tailCount < RingMark.tailMax, (id ^ newest) >> 32 == 0, !isWide else {
            return noteFar(id, memory())
        }
        append(id)
        return .new
    }

    /// To the tail, which has room.
    @inline(__always)
    private mutating func append(_ id: SequenceNumber) {
        if count == RingMark.countMax { dropSmallest() }
        tail[Int(tailCount)] = UInt32(truncatingIfNeeded: id)
        tailCount &+= 1
        newest = id
    }

    @inline(never)
    private mutating func noteFar(_ id: SequenceNumber, _ memory: MarketMemory) -> Memory {
        spill(memory)
        if (id ^ newest) >> 32 != 0, held > 0, !isWide { widen(memory) }
        if !isWide, id > newest || held == 0 {
            append(id)
            return .new
        }
        if held == capacity, held < RingMark.countMax { grow(memory) }
        guard id > newest else { return noteOutOfOrder(id) }
        if held == RingMark.countMax { dropSmallest() }
        put(id, Int(held))
        held &+= 1
        newest = id
        return .new
    }

    /// Moves the tail's ids to the ring, which has none of its own to drop for them: both together
    /// are never too many.
    private mutating func spill(_ memory: MarketMemory) {
        while Int(capacity) < count { grow(memory) }
        for index in 0..<Int(tailCount) {
            halves[place(Int(held))] = tail[index]
            held &+= 1
        }
        tailCount = 0
    }

    @inline(never)
    private mutating func noteOutOfOrder(_ id: SequenceNumber) -> Memory {
        // The first index whose id is larger: found from the newest end, where reordered ids
        // belong.
        var index = count
        while index > 0, self[index - 1] > id {
            index -= 1
            if count - index > 32 {
                index = firstIndex(above: id, before: index)
                break
            }
        }
        if index > 0, self[index - 1] == id { return .seen }
        if index == 0, hasForgotten { return .forgotten }
        let wasFull = count == RingMark.countMax
        let isLowest = index == 0
        if wasFull, isLowest {
            hasForgotten = true
            return .beforeFirst
        }
        if wasFull {
            dropSmallest()
            index -= 1
        }
        var free = count
        while free > index {
            put(self[free - 1], free)
            free -= 1
        }
        put(id, index)
        held += 1
        return isLowest ? .beforeFirst : .new
    }

    private subscript(index: Int) -> SequenceNumber {
        if isWide { return wholes[place(index)] }
        let half = index < Int(held) ? halves[place(index)] : tail[index - Int(held)]
        return (newest & ~0xFFFF_FFFF) | SequenceNumber(half)
    }

    @inline(__always)
    private func put(_ id: SequenceNumber, _ index: Int) {
        let place = place(index)
        if isWide {
            wholes[place] = id
        } else {
            halves[place] = UInt32(truncatingIfNeeded: id)
        }
    }

    private func firstIndex(above id: SequenceNumber, before end: Int) -> Int {
        var low = 0
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > id { high = middle } else { low = middle + 1 }
        }
        return low
    }

    @inline(__always)
    private mutating func dropSmallest() {
        start = UInt16(truncatingIfNeeded: place(1))
        held &-= 1
        hasForgotten = true
    }

    @inline(never)
    private mutating func grow(_ memory: MarketMemory) {
        move(to: max(RingMark.capacityMin, capacity * 2), isWide: isWide, memory)
    }

    @inline(never)
    private mutating func widen(_ memory: MarketMemory) {
        move(to: capacity, isWide: true, memory)
    }

    private mutating func move(to capacityNext: UInt16, isWide: Bool, _ memory: MarketMemory) {
        var next = RingMark()
        next.newest = newest
        next.hasForgotten = hasForgotten
        next.isWide = isWide
        next.capacity = capacityNext
        next.held = held
        (next.tail, next.tailCount) = (tail, tailCount)
        next.room = memory.take(next.bytes(capacityNext))
        for index in 0..<Int(held) { next.put(self[index], index) }
        release(to: memory)
        self = next
    }
}

extension RingMark {
    func encode(into writer: inout StateWriter) {
        writer.write(hasForgotten)
        writer.write(Int64(count))
        for index in 0..<count { writer.write(self[index]) }
    }

    init(from reader: inout StateReader, memory: MarketMemory) throws(StateCodecError) {
        self.init()
        let forgotten = try reader.readBool()
        let countStored = try reader.readCount("remembered ids")
        guard countStored <= RingMark.countMax else {
            throw StateCodecError.malformed(field: "remembered ids", byteOffset: reader.offset)
        }
        for _ in 0..<countStored {
            guard note(try reader.read(), memory) == .new else {
                throw StateCodecError.malformed(field: "remembered ids", byteOffset: reader.offset)
            }
        }
        hasForgotten = forgotten
    }
}
