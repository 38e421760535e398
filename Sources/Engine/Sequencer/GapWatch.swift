import MarketModel

/// Ids that were jumped over and have not come yet.
struct MissingRange: Equatable, BitwiseCopyable {
    var first: SequenceNumber
    var last: SequenceNumber
    /// When the trades on either side were executed.
    var from: Timestamp
    var to: Timestamp
    /// The ticker's engine time at the jump.
    var noticedAt: Timestamp
    /// Of the trade that jumped.
    var position: LogPosition
}

/// Waits for jumped ids to come out of order, and calls a loss what has not come in time.
struct GapWatch {
    /// More open ranges than this and the oldest is called a loss at once.
    static let rangesMax = 1024

    var lastExecutedAt = Timestamp.distantPast
    private var missing: [MissingRange] = []
    var isOverfull: Bool { missing.count > GapWatch.rangesMax }

    var isEmpty: Bool { missing.isEmpty }

    mutating func open(_ range: MissingRange) { missing.append(range) }

    /// An id below the newest has come: takes it out of the range it lies in, if it lies in one.
    mutating func fill(_ id: SequenceNumber) {
        guard let index = missing.lastIndex(where: { $0.first <= id && id <= $0.last }) else {
            return
        }
        let range = missing[index]
        var rest: [MissingRange] = []
        if range.first < id {
            var before = range
            before.last = id - 1
            rest.append(before)
        }
        if id < range.last {
            var after = range
            after.first = id + 1
            rest.append(after)
        }
        missing.replaceSubrange(index...index, with: rest)
    }

    mutating func takeDue(at time: Timestamp, latenessNanoseconds: Int64) -> [MissingRange] {
        let dueCount = missing.prefix { range in
            time.nanosecondsSince(range.noticedAt) > latenessNanoseconds
        }.count
        let count = isOverfull ? max(dueCount, missing.count - GapWatch.rangesMax) : dueCount
        guard count > 0 else { return [] }
        let due = Array(missing.prefix(count))
        missing.removeFirst(count)
        return due
    }
}

extension GapWatch {
    func encode(into writer: inout StateWriter) {
        writer.write(lastExecutedAt)
        writer.write(Int64(missing.count))
        for range in missing {
            writer.write(range.first)
            writer.write(range.last)
            writer.write(range.from)
            writer.write(range.to)
            writer.write(range.noticedAt)
            writer.write(range.position)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        lastExecutedAt = try reader.readTimestamp()
        for _ in 0..<(try reader.readCount("missing ranges")) {
            missing.append(
                MissingRange(
                    first: try reader.read(), last: try reader.read(),
                    from: try reader.readTimestamp(), to: try reader.readTimestamp(),
                    noticedAt: try reader.readTimestamp(), position: try reader.readPosition()))
        }
    }
}
