import Analytics
import MarketModel
import TestSupport
import Testing

@Suite struct `The join of news and volume` {
    @Test(arguments: [
        (0.5, 3.0, CorrelationStrength.strong), (-0.91, 9.5, .strong), (0.5, 2.99, .moderate),
        (0.49, 10.0, .moderate), (-0.2, 2.0, .moderate), (0.19, 10.0, .weak), (0.0, 2.0, .weak),
        (0.9, 1.99, .none), (0.0, -3.0, .none),
    ])
    func `has the strengths of the table`(
        compound: Double, score: Double, strength: CorrelationStrength
    ) {
        let correlation = NewsJoin.correlation(compound: compound, score: score)
        #expect(correlation == NewsCorrelation(strength: strength, volumeZScore: score))
    }

    @Test func `is none without any score around it`() {
        #expect(
            NewsJoin.correlation(compound: 1, score: nil)
                == NewsCorrelation(strength: .none, volumeZScore: nil))
    }

    @Test func `reaches a minute of whole seconds in both directions`() {
        let noon = Timestamp(seconds: 43_200)
        #expect(NewsJoin.seconds(around: noon) == 43_140...43_260)
        #expect(
            NewsJoin.seconds(around: noon.advanced(byNanoseconds: 999_999_999)) == 43_140...43_260)
        #expect(!NewsJoin.isOver(noon, at: Timestamp(milliseconds: 43_260_999)))
        #expect(NewsJoin.isOver(noon, at: Timestamp(seconds: 43_261)))
    }

    @Test func `needs what is kept: half an hour, and a trade before its end`() {
        let noon = Timestamp(seconds: 43_200)
        let later = Timestamp(seconds: 43_200 + 1799)
        #expect(NewsJoin.isKept(noon, at: later, since: noon))
        #expect(!NewsJoin.isKept(noon, at: Timestamp(seconds: 43_200 + 1800), since: noon))
        #expect(NewsJoin.isKept(noon, at: later, since: Timestamp(seconds: 43_260)))
        #expect(!NewsJoin.isKept(noon, at: later, since: Timestamp(seconds: 43_261)))
        #expect(!NewsJoin.isKept(noon, at: later, since: nil))
    }
}

@Suite struct `Volume scores kept for news` {
    /// Every second by itself, for comparing.
    private struct EverySecond {
        var scores: [Int64: Double] = [:]
        var newest: Int64 = 0

        mutating func note(_ score: Double, second: Int64) {
            scores[second] = max(scores[second] ?? -.infinity, score)
            newest = max(newest, second)
        }

        func largest(in seconds: ClosedRange<Int64>) -> Double? {
            seconds.compactMap { scores[$0] }.max()
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `answer every window as if each second were kept`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var scores = VolumeScores()
        var every = EverySecond()
        var level = 0.0
        for step in 0..<4000 {
            let silence = Int.random(in: 0..<100, using: &random) == 0 ? 90 : 1
            let second = every.newest + Int64.random(in: 0...2, using: &random) * Int64(silence)
            let back = Int.random(in: 0..<10, using: &random) == 0
            // Steps, plateaus and clamped stretches as well as noise.
            switch seed % 3 {
            case 0: level = Double(Int.random(in: -3...10, using: &random))
            case 1: level = min(10, max(-10, level + Double.random(in: -1...1, using: &random)))
            default: level = Double(step / 37 % 7) + (step % 5 == 0 ? 0.5 : 0)
            }
            let noted = back ? max(0, second - Int64.random(in: 1...5, using: &random)) : second
            scores.note(level, second: noted)
            every.note(level, second: noted)
            guard step % 3 == 0 else { continue }
            let published = every.newest - Int64.random(in: -60..<1800, using: &random)
            let window = NewsJoin.seconds(around: Timestamp(seconds: published))
            let found = scores.largest(in: window)
            #expect(found == every.largest(in: window), "seed \(seed), step \(step)")
        }
    }

    @Test func `are few: of an hour of noise, some dozens`() {
        var random = SeededRandom(seed: 5)
        var scores = VolumeScores()
        for second in 0..<3600 as Range<Int64> {
            scores.note(Double.random(in: -2...4, using: &random), second: second)
        }
        #expect(scores.count < 100)
        #expect(scores.largest(in: 3470...3590) != nil)
        #expect(scores.largest(in: 0...120) == nil)
    }

    @Test func `are the same after being written and read`() throws {
        var scores = VolumeScores()
        for second in 0..<500 as Range<Int64> {
            scores.note(Double(second * 7919 % 101), second: second * 2)
        }
        var writer = StateWriter()
        scores.encode(into: &writer)
        var reader = StateReader(writer.bytes)
        let read = try VolumeScores(from: &reader)
        #expect(reader.isAtEnd)
        var again = StateWriter()
        read.encode(into: &again)
        #expect(again.bytes == writer.bytes)
    }
}
