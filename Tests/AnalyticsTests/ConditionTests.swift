import Analytics
import MarketModel
import TestSupport
import Testing

@Suite struct `Condition table` {
    private let table = ConditionTable()

    private func flags(_ ids: [Int]) -> TradeFlags {
        table.flags(TradeConditions(ids), market: .usEquities)
    }

    @Test func `a sale without conditions may update everything`() {
        #expect(flags([]) == .regular)
        #expect(flags([0]) == .regular)
        #expect(flags([]).isEligiblePrice)
    }

    @Test func `the worked table of high, low, last and volume`() {
        var high: Price?
        var low: Price?
        var last: Price?
        var volume = Volume.zero
        var notional = Notional.zero
        let rows: [(Price, Size, [Int], Price, Price, Price, Size, Price)] = [
            ("10.00", 100, [], "10", "10", "10", 100, "10"),
            ("12.00", 50, [37], "10", "10", "10", 150, "10.666666667"),
            ("9.00", 100, [32], "10", "9", "10", 250, "10"),
            ("11.00", 500, [2], "10", "9", "10", 750, "10.666666667"),
            ("10.50", 9000, [15], "10", "9", "10", 750, "10.666666667"),
            ("10.20", 100, [14, 41], "10.2", "9", "10.2", 850, "10.611764706"),
            ("10.90", 10, [14, 37], "10.2", "9", "10.2", 860, "10.615116279"),
            ("99.00", 100, [250], "10.2", "9", "10.2", 960, "19.821875"),
        ]
        for (price, size, ids, highWanted, lowWanted, lastWanted, volumeWanted, vwap) in rows {
            let allowed = flags(ids)
            if allowed.contains(.updatesHighLow) {
                high = max(high ?? price, price)
                low = min(low ?? price, price)
            }
            if allowed.isEligiblePrice { last = price }
            if allowed.contains(.updatesVolume) {
                volume += Volume(size)
                notional += Notional(price, times: size)
            }
            #expect(high == highWanted, "\(ids)")
            #expect(low == lowWanted, "\(ids)")
            #expect(last == lastWanted, "\(ids)")
            #expect(volume == Volume(volumeWanted), "\(ids)")
            #expect(notional.averagePrice(of: volume) == vwap, "\(ids)")
        }
        #expect(flags([250]).contains(.hasUnknown))
    }

    @Test func `an extended trade keeps its range within the day's intraday bars only`() {
        let extended = flags([12])
        #expect(extended.contains(.isExtended))
        #expect(!extended.contains(.updatesOpenClose))
        #expect(!extended.isEligiblePrice)
        #expect(extended.contains([.updatesIntradayOpenClose, .updatesIntradayHighLow]))
        #expect(!flags([12, 37]).contains(.updatesIntradayHighLow))
        #expect(flags([12, 37]).contains(.updatesVolume))
    }

    @Test func `out of sequence in extended hours is extended and sets no price anywhere`() {
        let flags = flags([13])
        #expect(flags.contains([.isExtended, .updatesVolume]))
        #expect(!flags.contains(.updatesIntradayOpenClose))
        #expect(!flags.contains(.updatesIntradayHighLow))
    }

    @Test(arguments: [40, 57, 60, 62, 71]) func `a mark without rules takes nothing away`(id: Int) {
        #expect(flags([id]) == .regular)
        #expect(!flags([id, 37]).contains(.updatesHighLow))
    }

    @Test func `a corrected close sets prices but repeats no volume`() {
        #expect(flags([38]).contains([.updatesHighLow, .updatesOpenClose]))
        #expect(!flags([38]).contains(.updatesVolume))
        #expect(!flags([38]).isEligiblePrice)
    }

    @Test(arguments: [26, 39, 42, 51, 54, 56, 61, 72, 253, 300])
    func `an unknown condition counts for volume alone`(id: Int) {
        #expect(flags([id]) == [.updatesVolume, .hasUnknown])
    }

    @Test func `a continuous market has no conditions`() {
        #expect(table.flags(TradeConditions([37]), market: .continuous) == .regular)
    }

    @Test func `other rows replace the default ones`() {
        let strict = ConditionTable(rows: [(0, []), (37, [.updatesVolume])])
        #expect(strict.flags(TradeConditions([0]), market: .usEquities).isEmpty)
        #expect(strict[37] == .updatesVolume)
        #expect(strict[14].contains(.hasUnknown))
    }
}

@Suite struct `Analytics settings` {
    @Test func `the defaults are those of the definitions`() throws {
        let settings = AnalyticsSettings()
        #expect(settings.latenessNanoseconds == 2_000_000_000)
        #expect(settings.intervals == BarInterval.allCases)
        #expect(settings.rules.priceSpikePercent == 5)
        try settings.validate()
    }

    @Test func `they read back from their own text`() throws {
        var settings = AnalyticsSettings()
        settings.latenessSeconds = 0.5
        settings.barIntervals = ["1m", "1d"]
        settings.volumeZScoreMode = .trade
        settings.rules.velocityPercent = 1.25
        let text = try settings.json
        #expect(try AnalyticsSettings(json: text) == settings)
        #expect(!text.contains("\n"))
    }

    @Test func `what no figure could be computed with is refused by name`() {
        var settings = AnalyticsSettings()
        settings.latenessSeconds = 61
        #expect(
            throws: AnalyticsSettingsError.outOfRange(
                field: "lateness_seconds", value: "61.0", allowed: "0.0 to 60.0")
        ) { try settings.validate() }
        settings.latenessSeconds = .nan
        #expect(throws: AnalyticsSettingsError.self) { try settings.validate() }
        settings = AnalyticsSettings()
        settings.barIntervals = ["2m"]
        #expect(throws: AnalyticsSettingsError.self) { try settings.validate() }
    }

    @Test(arguments: ["", "{}", "[]", "{\"latenessSeconds\":\"2\"}"])
    func `what is not settings is refused`(text: String) {
        #expect(throws: AnalyticsSettingsError.self) { _ = try AnalyticsSettings(json: text) }
    }
}
