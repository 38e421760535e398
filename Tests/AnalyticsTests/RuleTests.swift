import Analytics
import MarketModel
import TestSupport
import Testing

@Suite("Rules")
struct RuleTests {
    @Test
    func `a price more than 5 % from the mean of the closes is a spike, and 10 % is critical`()
        throws
    {
        var rule = PriceSpikeRule()
        rule.update(meanUnits: 220e9, count: 20, thresholdPercent: 5)
        #expect(rule.hit("231.00") == nil)
        #expect(rule.hit("209.00") == nil)
        let above = try #require(rule.hit("231.01"))
        #expect(above.severity == .high)
        #expect(
            above.explanation
                == "price 231.01 is 5 % above the mean 220.00 of the last 20 one-minute closes"
                + " (threshold 5 %)")
        let below = try #require(rule.hit("197.99"))
        #expect(below.severity == .critical)
        #expect(below.score.rounded() == -10)
        #expect(below.explanation.contains("is 10 % below the mean 220.00"))
    }

    @Test func `four closes are no mean to measure a spike against`() {
        var rule = PriceSpikeRule()
        rule.update(meanUnits: 220e9, count: 4, thresholdPercent: 5)
        #expect(rule.hit("1000") == nil)
        rule.update(meanUnits: 220e9, count: 5, thresholdPercent: 5)
        #expect(rule.hit("1000") != nil)
        rule.update(meanUnits: 0, count: 0, thresholdPercent: 5)
        #expect(rule.hit("1000") == nil)
    }

    @Test func `a minute of more than three times the mean volume is a spike`() throws {
        var rule = VolumeSpikeRule()
        rule.update(meanUnits: 1000e8, count: 20, threshold: 3)
        #expect(rule.hit(Volume(3000)) == nil)
        let hit = try #require(rule.hit(Volume(4100)))
        #expect(hit.severity == .medium)
        #expect(
            hit.explanation == "volume 4100 of the last 60 s is 4.1 times the mean 1000 of the"
                + " last 20 minutes (threshold 3)")
        #expect(rule.hit(Volume(6000))?.severity == .high)
    }

    @Test func `a volume beyond 64 bits is measured exactly`() throws {
        var rule = VolumeSpikeRule()
        rule.update(meanUnits: 4e18, count: 20, threshold: 3)
        let hundredBillion = Volume(units: 100_000_000_000 * Int128(Size.scale))
        #expect(rule.hit(hundredBillion) == nil)
        let hit = try #require(rule.hit(Volume(units: hundredBillion.units * 2)))
        #expect(hit.score == 5)
        #expect(hit.explanation.hasPrefix("volume of more than 92233720368 of the last 60 s"))
    }

    @Test func `a price exactly twice the threshold away is critical, above and below`() {
        var rule = PriceSpikeRule()
        rule.update(meanUnits: 100e9, count: 20, thresholdPercent: 5)
        #expect(rule.hit("105.00") == nil)
        #expect(rule.hit("95.00") == nil)
        #expect(rule.hit("110.00")?.severity == .critical)
        #expect(rule.hit("90.00")?.severity == .critical)
        #expect(rule.hit("109.99")?.severity == .high)
        // A mean that no binary number holds.
        rule.update(meanUnits: Double(100 * 100_000_000_000) / 7, count: 7, thresholdPercent: 5)
        #expect(rule.hit(Price(units: 1_500_000_000_000)) == nil)
        let volumes = [700, 1300, 1100, 1700, 900, 1100].map { $0 * 100_000_000 }
        var volume = VolumeSpikeRule()
        let mean = Double(volumes.reduce(0, +)) / 6
        volume.update(meanUnits: mean, count: 6, threshold: 3)
        #expect(volume.hit(Volume(3400)) == nil)
        #expect(volume.hit(Volume(6800))?.severity == .high)
    }

    @Test func `a velocity threshold beyond every price is never met`() {
        var rule = VelocityRule()
        rule.follow("9000000000", thresholdPercent: 1e6)
        #expect(rule.isQuiet(high: "9000000000", low: "0.000000001"))
    }

    @Test func `after nothing but quiet minutes no volume is a spike`() {
        var rule = VolumeSpikeRule()
        rule.update(meanUnits: 0, count: 20, threshold: 3)
        #expect(rule.hit(Volume(1_000_000)) == nil)
    }

    @Test func `half a percent within five seconds is velocity, with its direction`() throws {
        let settings = AnalyticsSettings()
        var windows = TickerWindows(symbol: "AAPL", market: .usEquities, settings: settings)
        var rule = VelocityRule()
        func trade(_ price: Price, _ second: Double) {
            let trade = Trade.make("AAPL", at: price, size: 100, second: second)
            windows.apply(trade, flags: .regular)
            rule.follow(windows.changeReference, thresholdPercent: 0.5)
        }
        func look() -> RuleHit? {
            let (high, low) = windows.velocityExtremes
            let hit = rule.hit(high: high, low: low, velocity: windows.velocityPercent)
            #expect(rule.isQuiet(high: high, low: low) == (hit == nil))
            return hit
        }
        func isQuiet() -> Bool { look() == nil }
        trade("200.00", 0)
        trade("199.01", 4.9)
        #expect(isQuiet())
        trade("199.00", 4.9)
        let fired = look()
        let hit = try #require(fired)
        #expect(hit.score == -0.5)
        #expect(hit.severity == .high)
        #expect(
            hit.explanation
                == "price moved 0.5 % down within 5 s, from 200.00 to 199.00 (threshold 0.5 %)")
        trade("199.00", 5.1)
        #expect(isQuiet())
        trade("201.00", 6)
        let rise = look()
        #expect(rise?.severity == .critical)
        #expect(rise?.score == 1)
    }

    @Test func `a market crossed for longer than a second is a hit once a second`() throws {
        func quote(_ bid: Price, _ ask: Price, _ second: Double) -> Quote {
            Quote(
                symbol: "AAPL", bid: bid, ask: ask, bidSize: 1, askSize: 1,
                quotedAt: TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9)),
                sequence: 1)
        }
        var rule = CrossedMarketRule()
        let threshold = 1.0
        func expectQuiet(_ quote: Quote) {
            let hit = rule.apply(quote, thresholdSeconds: threshold)
            #expect(hit == nil)
        }
        expectQuiet(quote("10.02", "10.00", 0))
        expectQuiet(quote("10.02", "10.00", 1))
        let fired = rule.apply(quote("10.03", "10.00", 1.5), thresholdSeconds: threshold)
        let hit = try #require(fired)
        #expect(hit.explanation == "bid 10.03 above ask 10.00 for 1.5 s (threshold 1 s)")
        expectQuiet(quote("10.03", "10.00", 1.9))
        let standing = quote("10.03", "10.00", 1.9)
        let later = TestMorning.open.advanced(by: .seconds(2))
        let standingHit = rule.turnSecond(to: later, quote: standing, thresholdSeconds: threshold)
        #expect(standingHit?.score == 2)
        expectQuiet(quote("10.00", "10.00", 3))
        let uncrossed = rule.turnSecond(
            to: later.advanced(by: .seconds(9)), quote: quote("10.00", "10.00", 3),
            thresholdSeconds: threshold)
        #expect(uncrossed == nil)
        expectQuiet(quote("10.02", "10.00", 20))
    }
}
