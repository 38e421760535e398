import MarketModel
import TestSupport
import Testing

@testable import Analytics

@Suite struct `The training sample` {
    private static let wanted = ForestSettings.rowsCount

    /// Takes vectors whose first feature is their number, at these moments (seconds).
    private func chosen(
        _ times: some Sequence<Double>, copyEvery: Int? = nil
    ) throws -> (numbers: [Int], stride: UInt32, kept: Int) {
        var sample = TrainingSample()
        var last = Timestamp(seconds: 0)
        for (number, second) in times.enumerated() {
            last = Timestamp(nanoseconds: Int64(second * 1e9))
            sample.take(
                ForestFeatures(SIMD8(Float(number), 0, 0, 0, 0, 0, 0, 0)), at: last)
            #expect(sample.count <= TrainingSample.capacityMax)
            if let copyEvery, number % copyEvery == 0 {
                var writer = StateWriter()
                sample.encode(into: &writer)
                var reader = StateReader(writer.bytes)
                sample = try TrainingSample.decoded(from: &reader)
                #expect(reader.isAtEnd)
            }
        }
        let rows = FeatureRows(capacity: Self.wanted)
        sample.select(into: rows, at: last)
        var numbers: [Int] = []
        for row in 0..<Self.wanted { numbers.append(Int(rows[row].values[0])) }
        return (numbers, sample.stride, sample.count)
    }

    /// 1000 at equal steps of count from those of the last ten minutes, or the last 1000.
    private func exact(_ times: [Double]) -> [Int] {
        let last = times[times.count - 1]
        let inWindow = times.count { $0 > last - 600 }
        let count = max(inWindow, Self.wanted)
        return (0..<Self.wanted).map { times.count - count + $0 * count / Self.wanted }
    }

    @Test(arguments: [1000, 1500, 1999])
    func `few vectors are taken exactly`(count: Int) throws {
        let times = (0..<count).map { 500 * Double($0) / Double(count) }
        #expect(try chosen(times).numbers == exact(times))
    }

    @Test func `with fewer than 1000 in ten minutes the last 1000 are taken`() throws {
        let times = (0..<3000).map { Double($0) }
        #expect(try chosen(times).numbers == Array(2000..<3000))
    }

    @Test(arguments: [5.0, 33, 170, 500])
    func `a steady rate is sampled within one step of the exact places`(perSecond: Double) throws {
        let times = (0..<Int(900 * perSecond)).map { Double($0) / perSecond }
        let found = try chosen(times)
        let step = 600 * perSecond / Double(Self.wanted)
        for (one, other) in zip(found.numbers, exact(times)) {
            #expect(abs(Double(one - other)) <= max(step, 1))
        }
        #expect(Set(found.numbers).count == Self.wanted)
    }

    @Test func `a rate that rises and falls stays within the room and near the places`() throws {
        var times: [Double] = []
        for second in 0..<2400 {
            let rate = second < 600 ? 20 : second < 900 ? 400 : 10
            for number in 0..<rate {
                times.append(Double(second) + Double(number) / Double(rate))
            }
            guard second % 300 == 299 else { continue }
            let found = try chosen(times)
            let places = exact(times)
            let span = places[Self.wanted - 1] - places[0]
            for (one, other) in zip(found.numbers, places) {
                #expect(abs(one - other) <= max(span / 50, 8), "second \(second)")
            }
        }
    }

    @Test func `a copy goes on as the sample would have`() throws {
        let times = (0..<20_000).map { Double($0) / 17 }
        let (whole, copied) = (try chosen(times), try chosen(times, copyEvery: 777))
        #expect(whole.numbers == copied.numbers)
        #expect(whole.stride == copied.stride && whole.kept == copied.kept)
    }
}
