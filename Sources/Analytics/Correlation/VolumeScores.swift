import MarketModel

/// The volume scores of a ticker's seconds, as far back as an article can still join them.
///
/// Articles ask for the largest score of `NewsJoin.windowSeconds` seconds in a row. A second that
/// no such stretch can have as its largest is forgotten, so a few dozen stand for half an hour, and
/// every answer is exact.
public struct VolumeScores: ~Copyable {
    private struct Point: BitwiseCopyable {
        var second: Int64
        var score: Double
    }

    private static let capacityFirst = 4

    /// In the order of their seconds, each second at most once; `nil` before the first.
    private var room: UnsafeMutablePointer<Point>?
    private var capacity = 0
    /// How many seconds are remembered.
    public private(set) var count = 0
    private let memory: MarketMemory

    /// The scores are kept in `memory`.
    public init(memory: MarketMemory = MarketMemory()) {
        self.memory = memory
        room = nil
    }

    deinit { if let room { memory.giveBack(room, count: capacity) } }

    private var points: UnsafeMutablePointer<Point> {
        guard let room else { preconditionFailure("no second is remembered") }
        return room
    }

    /// Takes in the score computed when a trade of the second was applied: the largest counts.
    public mutating func note(_ score: Double, second: Int64) {
        guard count > 0, second <= points[count - 1].second else {
            forgetOutranked(by: score, at: second)
            insert(Point(second: second, score: score), at: count)
            forgetBefore(second - NewsJoin.keptSeconds - NewsJoin.reachSeconds)
            return
        }
        let place = index(of: second)
        if points[place].second == second {
            points[place].score = max(points[place].score, score)
        } else {
            insert(Point(second: second, score: score), at: place)
        }
    }

    /// The largest score of some seconds, `NewsJoin.windowSeconds` of them; `nil` when none has
    /// one.
    public func largest(in seconds: ClosedRange<Int64>) -> Double? {
        var largest: Double?
        var place = index(of: seconds.lowerBound)
        while place < count, points[place].second <= seconds.upperBound {
            largest = max(largest ?? -.infinity, points[place].score)
            place += 1
        }
        return largest
    }

    /// Forgets seconds that lie between a higher one before them and this one, at least as high, so
    /// close together that every window with them has one of the two.
    private mutating func forgetOutranked(by score: Double, at second: Int64) {
        var place = count - 1
        // Behind a second that is as high, nothing changes: that decided already.
        var highest = -Double.infinity
        while place >= 0, points[place].score <= score,
            points[place].second > second - NewsJoin.windowSeconds
        {
            let outranked = points[place].score
            if outranked > highest {
                highest = outranked
                var left = place - 1
                while left >= 0, points[left].score <= outranked { left -= 1 }
                if left >= 0, second - points[left].second <= NewsJoin.windowSeconds {
                    remove(place..<place + 1)
                }
            }
            place -= 1
        }
    }

    private mutating func forgetBefore(_ second: Int64) {
        guard count > 0, points[0].second < second else { return }
        remove(0..<index(of: second))
    }

    private mutating func insert(_ point: Point, at place: Int) {
        if count == capacity { grow() }
        for index in stride(from: count, to: place, by: -1) { points[index] = points[index - 1] }
        points[place] = point
        count += 1
    }

    private mutating func remove(_ places: Range<Int>) {
        for index in places.upperBound..<count { points[index - places.count] = points[index] }
        count -= places.count
    }

    private mutating func grow() {
        let larger = max(VolumeScores.capacityFirst, capacity * 2)
        let points = memory.take(Point.self, count: larger)
        if let room {
            points.update(from: room, count: count)
            memory.giveBack(room, count: capacity)
        }
        room = points
        capacity = larger
    }

    /// Of the first point at or after a second.
    private func index(of second: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].second < second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension VolumeScores {
    public func encode(into writer: inout StateWriter) {
        writer.write(Int64(count))
        for index in 0..<count {
            writer.write(points[index].second)
            writer.write(points[index].score)
        }
    }

    public init(
        from reader: inout StateReader, memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) {
        self.init(memory: memory)
        for _ in 0..<(try reader.readCount("volume scores")) {
            let point = Point(second: try reader.read(), score: try reader.readDouble())
            insert(point, at: count)
        }
    }
}
