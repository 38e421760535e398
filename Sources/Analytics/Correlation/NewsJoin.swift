import MarketModel

/// How an article joins the volume scores around it (analytics.md, section 6).
public enum NewsJoin {
    /// Before and after the second of publication.
    public static let reachSeconds: Int64 = 60
    public static let windowSeconds = 2 * reachSeconds + 1
    /// An article published longer ago is not joined any more.
    public static let keptSeconds: Int64 = 1800

    public static let compoundStrong = 0.5
    public static let compoundModerate = 0.2
    public static let scoreStrong = 3.0
    public static let scoreModerate = 2.0

    /// The seconds an article joins: that of its publication, and 60 on either side.
    public static func seconds(around published: Timestamp) -> ClosedRange<Int64> {
        let second = published.secondsFloor
        return second - reachSeconds...second + reachSeconds
    }

    /// Whether the last of those seconds is over at this engine time.
    public static func isOver(_ published: Timestamp, at engineTime: Timestamp) -> Bool {
        engineTime.secondsFloor > published.secondsFloor + reachSeconds
    }

    /// Whether the seconds around an article are all still kept at this engine time, and some of
    /// them lie after the ticker's first trade.
    public static func isKept(
        _ published: Timestamp, at engineTime: Timestamp, since first: Timestamp?
    ) -> Bool {
        guard let first else { return false }
        return published.secondsFloor > engineTime.secondsFloor - keptSeconds
            && published.secondsFloor + reachSeconds >= first.secondsFloor
    }

    /// What a headline of this score and this largest volume score make; no volume score is none.
    public static func correlation(compound: Double, score: Double?) -> NewsCorrelation {
        NewsCorrelation(
            strength: strength(of: abs(compound), score ?? -.infinity), volumeZScore: score)
    }

    private static func strength(of compound: Double, _ score: Double) -> CorrelationStrength {
        guard score >= scoreModerate else { return .none }
        if compound >= compoundStrong, score >= scoreStrong { return .strong }
        return compound >= compoundModerate ? .moderate : .weak
    }
}

/// What it needs of a ticker's windows to know the volume score of each second.
extension TickerWindows {
    /// The second of engine time that the windows stand at.
    public var currentSecond: Int64 { slot }

    /// Trades applied so far.
    public var tradesApplied: Int64 { ordinal }

    /// Whether the score right after this trade may be another second's, or smaller than the one
    /// before it.
    ///
    /// Otherwise scores only rise within a second: its trades add to the newest block of ten
    /// seconds, while the blocks it is measured against stay. The last of them is then the largest.
    @inline(__always) public func scoresAtOnce(_ trade: Trade) -> Bool {
        usesSizes || trade.executedAt.nanoseconds < slotStart
    }
}
