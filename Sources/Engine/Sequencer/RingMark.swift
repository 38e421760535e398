import Analytics
import MarketModel

/// What is remembered of ids that rise with gaps: the 4 096 largest, in order, in a ring that grows
/// on demand.
///
/// An id beyond the newest costs one store; one out of order is moved into its place from the
/// newest end.
struct RingMark: ~Copyable {
    static let countMax = 4096
    private static let capacityMin = 8

    private(set) var newest: SequenceNumber = .min
    private(set) var count = 0
    /// Where the smallest id lies.
    private var start = 0
    /// 0 before the first id, then a power of two.
    private var capacity = 0
    private var room: UnsafeMutablePointer<SequenceNumber>?
    /// An id has been dropped from the ring: what lies below it can no longer be told.
    private(set) var hasForgotten = false
    private let memory: MarketMemory

    init(memory: MarketMemory) { self.memory = memory }

    deinit { release() }

    @inline(__always)
    private var ids: UnsafeMutablePointer<SequenceNumber> {
        guard let room else { preconditionFailure("a ring without room holds no ids") }
        return room
    }

    mutating func removeAll() {
        release()
        (room, capacity, count, start) = (nil, 0, 0, 0)
        (newest, hasForgotten) = (.min, false)
    }

    private func release() {
        if let room { memory.giveBack(room, capacity * MemoryLayout<SequenceNumber>.stride) }
    }

    /// Where the next id will be put; `nil` without room.
    @inline(__always)
    var end: UnsafeRawPointer? {
        room.map { UnsafeRawPointer($0 + ((start &+ count) & (capacity &- 1))) }
    }

    /// Remembers an id and says what it was.
    @inline(__always)
    mutating func note(_ id: SequenceNumber) -> Memory {
        if id > newest {
            makeRoom()
            ids[(start &+ count) & (capacity &- 1)] = id
            count &+= 1
            newest = id
            return .new
        }
        return noteOutOfOrder(id)
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
        makeRoom()
        if wasFull { index -= 1 }
        var place = count
        while place > index {
            ids[(start + place) & (capacity - 1)] = self[place - 1]
            place -= 1
        }
        ids[(start + index) & (capacity - 1)] = id
        count += 1
        return isLowest ? .beforeFirst : .new
    }

    private subscript(index: Int) -> SequenceNumber { ids[(start + index) & (capacity - 1)] }

    private func firstIndex(above id: SequenceNumber, before end: Int) -> Int {
        var low = 0
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > id { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Room for one more: a larger ring, or the smallest id dropped from a ring of full size.
    @inline(__always)
    private mutating func makeRoom() {
        guard count == capacity else { return }
        if capacity == RingMark.countMax {
            start = (start + 1) & (capacity - 1)
            count -= 1
            hasForgotten = true
        } else {
            grow()
        }
    }

    @inline(never)
    private mutating func grow() {
        let capacityNext = max(RingMark.capacityMin, capacity * 2)
        let larger = memory.take(capacityNext * MemoryLayout<SequenceNumber>.stride)
            .assumingMemoryBound(to: SequenceNumber.self)
        for index in 0..<count { larger[index] = self[index] }
        release()
        room = larger
        capacity = capacityNext
        start = 0
    }
}

extension RingMark {
    func encode(into writer: inout StateWriter) {
        writer.write(hasForgotten)
        writer.write(Int64(count))
        for index in 0..<count { writer.write(self[index]) }
    }

    init(from reader: inout StateReader, memory: MarketMemory) throws(StateCodecError) {
        self.init(memory: memory)
        let forgotten = try reader.readBool()
        let countStored = try reader.readCount("remembered ids")
        guard countStored <= RingMark.countMax else {
            throw StateCodecError.malformed(field: "remembered ids", byteOffset: reader.offset)
        }
        for _ in 0..<countStored {
            guard note(try reader.read()) == .new else {
                throw StateCodecError.malformed(field: "remembered ids", byteOffset: reader.offset)
            }
        }
        hasForgotten = forgotten
    }
}
