import MarketModel

/// What is remembered of ids that count 1, 2, 3 ...: the newest, and a bit for each of the last 4
/// 096.
struct BitmapMark: ~Copyable {
    static let span: Int64 = 4096
    private static let wordCount = 64

    private(set) var newest: SequenceNumber = 0
    /// Nothing below it was ever seen: the first id, or a lower one that came after it.
    private(set) var lowest: SequenceNumber = 0
    private(set) var isEmpty = true
    /// `nil` until the first id.
    private var room: UnsafeMutablePointer<UInt64>?

    init() { room = nil }

    deinit { room?.deallocate() }

    @inline(__always)
    private var words: UnsafeMutablePointer<UInt64> {
        guard let room else { preconditionFailure("a mark without room remembers no ids") }
        return room
    }

    private mutating func makeRoom() {
        guard room == nil else { return }
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: BitmapMark.wordCount)
        words.initialize(repeating: 0, count: BitmapMark.wordCount)
        room = words
    }

    /// Remembers an id and says what it was.
    @inline(__always)
    mutating func note(_ id: SequenceNumber) -> Memory {
        if id == newest &+ 1, id > newest, !isEmpty {
            newest = id
            let bit = Int(truncatingIfNeeded: id & 4095)
            words[bit >> 6] |= 1 << UInt64(bit & 63)
            // The bit after the newest is the oldest one: cleared, so that it is free when its turn
            // comes.
            let next = Int(truncatingIfNeeded: (id &+ 1) & 4095)
            words[next >> 6] &= ~(1 << UInt64(next & 63))
            return .new
        }
        return noteOutOfOrder(id)
    }

    @inline(never)
    private mutating func noteOutOfOrder(_ id: SequenceNumber) -> Memory {
        if isEmpty {
            makeRoom()
            isEmpty = false
            newest = id
            lowest = id
            set(id)
            return .new
        }
        if id > newest {
            forget(from: newest, to: id)
            newest = id
            set(id)
            return .new
        }
        // One bit is always clear: 4 095 ids are told apart.
        let (behind, overflow) = newest.subtractingReportingOverflow(id)
        guard !overflow, behind < BitmapMark.span - 1 else { return .forgotten }
        if isSet(id) { return .seen }
        set(id)
        defer { lowest = min(lowest, id) }
        return id < lowest ? .beforeFirst : .new
    }

    /// Clears the bits of the ids after `old` up to one beyond `new`, whose places older ids held.
    private func forget(from old: SequenceNumber, to new: SequenceNumber) {
        let (distance, overflow) = new.subtractingReportingOverflow(old)
        guard !overflow, distance < BitmapMark.span - 1 else {
            words.update(repeating: 0, count: BitmapMark.wordCount)
            return
        }
        for step in 1...distance + 1 { clear(old &+ step) }
    }

    private func isSet(_ id: SequenceNumber) -> Bool {
        let bit = Int(truncatingIfNeeded: id & 4095)
        return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }

    private func set(_ id: SequenceNumber) {
        let bit = Int(truncatingIfNeeded: id & 4095)
        words[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    private func clear(_ id: SequenceNumber) {
        let bit = Int(truncatingIfNeeded: id & 4095)
        words[bit >> 6] &= ~(1 << UInt64(bit & 63))
    }
}

extension BitmapMark {
    func encode(into writer: inout StateWriter) {
        writer.write(isEmpty)
        writer.write(newest)
        writer.write(lowest)
        for word in 0..<BitmapMark.wordCount { writer.write(isEmpty ? 0 : words[word]) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        isEmpty = try reader.readBool()
        newest = try reader.read()
        lowest = try reader.read()
        makeRoom()
        for word in 0..<BitmapMark.wordCount { words[word] = try reader.read() }
    }
}
