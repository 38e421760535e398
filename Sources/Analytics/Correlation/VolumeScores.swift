import MarketModel

/// The volume scores of a ticker's seconds, as far back as an article can still join them.
///
/// Articles ask for the largest score of `NewsJoin.windowSeconds` seconds in a row. A second that
/// no such stretch can have as its largest is forgotten, so a few dozen stand for half an hour, and
/// every answer is exact.
public struct VolumeScores: Equatable, Sendable {
    private struct Point: Equatable, BitwiseCopyable, Sendable {
        var second: Int64
        var score: Double
    }

    /// In the order of their seconds, each second at most once.
    private var points: [Point] = []

    public init() {}

    /// How many seconds are remembered.
    public var count: Int { points.count }

    /// Takes in the score computed when a trade of the second was applied: the largest counts.
    public mutating func note(_ score: Double, second: Int64) {
        guard let newest = points.last, second <= newest.second else {
            forgetOutranked(by: score, at: second)
            points.append(Point(second: second, score: score))
            forgetBefore(second - NewsJoin.keptSeconds - NewsJoin.reachSeconds)
            return
        }
        let place = index(of: second)
        if points[place].second == second {
            points[place].score = max(points[place].score, score)
        } else {
            points.insert(Point(second: second, score: score), at: place)
        }
    }

    /// The largest score of some seconds, `NewsJoin.windowSeconds` of them; `nil` when none has
    /// one.
    public func largest(in seconds: ClosedRange<Int64>) -> Double? {
        var largest: Double?
        var place = index(of: seconds.lowerBound)
        while place < points.count, points[place].second <= seconds.upperBound {
            largest = max(largest ?? -.infinity, points[place].score)
            place += 1
        }
        return largest
    }

    /// Forgets seconds that lie between a higher one before them and this one, at least as high, so
    /// close together that every window with them has one of the two.
    private mutating func forgetOutranked(by score: Double, at second: Int64) {
        var place = points.count - 1
        // Behind a second that is as high, nothing changes: that decided already.
        var highest = -Double.infinity
        while place >= 0, points[place].score <= score,
            points[place].second > second - NewsJoin.windowSeconds
        {
            let outranked = points[place].score
            if outranked > highest {
                highest = outranked
                let left = points[..<place].last { $0.score > outranked }
                if let left, second - left.second <= NewsJoin.windowSeconds {
                    points.remove(at: place)
                }
            }
            place -= 1
        }
    }

    private mutating func forgetBefore(_ second: Int64) {
        guard let first = points.first, first.second < second else { return }
        points.removeFirst(index(of: second))
    }

    /// Of the first point at or after a second.
    private func index(of second: Int64) -> Int {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].second < second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension VolumeScores {
    public func encode(into writer: inout StateWriter) {
        writer.write(Int64(points.count))
        for point in points {
            writer.write(point.second)
            writer.write(point.score)
        }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        for _ in 0..<(try reader.readCount("volume scores")) {
            points.append(Point(second: try reader.read(), score: try reader.readDouble()))
        }
    }
}
