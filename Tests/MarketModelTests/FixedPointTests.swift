import MarketModel
import TestSupport
import Testing

@Suite struct `Prices and sizes` {
    @Test func `a price keeps every digit it was given`() {
        #expect(Price(decimal: "231.4401")?.units == 231_440_100_000)
        #expect(Price(decimal: "0.000000001")?.units == 1)
        #expect(Price(decimal: "39432.48000000")?.description == "39432.48")
        #expect(Price(decimal: "-1.5")?.description == "-1.5")
    }

    @Test(arguments: ["", "-", ".", "1e3", "1.0000000001", "9223372037", "1.2.3", " 1", "NaN"])
    func `text that is not an exact price is refused`(text: String) {
        #expect(Price(decimal: text) == nil)
    }

    @Test func `the range ends where 64 bits end`() {
        #expect(Price(decimal: "9223372036.854775807")?.units == .max)
        #expect(Price(decimal: "9223372036.854775808") == nil)
        #expect(Size(decimal: "92233720368.54775807")?.units == .max)
    }

    @Test func `an average price is rounded half up to a price unit`() {
        var notional = Notional(Price(units: 1), times: 1)
        notional += Notional(Price(units: 2), times: 1)
        #expect(notional.averagePrice(of: Volume(2 as Size)) == Price(units: 2))
        #expect(notional.averagePrice(of: .zero) == nil)
    }

    @Test func `an average beyond the range of prices is the nearest price there is`() {
        let wide = Notional(units: Int128.max - 1)
        #expect(wide.averagePrice(of: Volume(units: 1)) == Price(units: .max))
    }

    @Test func `a sum of money that has stopped at the largest number has no average`() {
        #expect(Notional(units: Int128.max).averagePrice(of: Volume(units: 1)) == nil)
    }

    @Test func `shown decimals round half away from zero`() {
        #expect(Decimal64.text(1_005_000_000, places: 9, shown: 2) == "1.01")
        #expect(Decimal64.text(-1_005_000_000, places: 9, shown: 2) == "-1.01")
        #expect(Decimal64.text(999_999_999, places: 9, shown: 0) == "1")
        #expect(Decimal64.text(-1, places: 9, shown: 2) == "0.00")
        #expect(Decimal64.text(0, places: 9, shown: 0) == "0")
        #expect(Decimal64.text(0, places: 9, shown: 9) == "0.000000000")
        #expect(Decimal64.text(.min, places: 9, shown: 9) == "-9223372036.854775808")
        #expect(Decimal64.text(.max, places: 0, shown: 0) == "9223372036854775807")
        #expect(Decimal64.text(-50_000_000, places: 9, shown: 1) == "-0.1")
    }

    @Test func `wide sums convert to the nearest binary number`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<1000 {
            let value =
                Int128(Int64.random(in: .min ... .max, using: &random))
                << Int128.random(in: 0...50, using: &random)
            #expect(abs(wideAsDouble(value) - Double(value)) <= Double(value).ulp)
        }
    }
}

@Suite struct `Tickers` {
    @Test(arguments: [
        "A", "AAPL", "BRK.B", "BACpC", "BTC-USD", "BTC/USD", "1000SATSUSDT", "ABCDEFGHIJKLMNOP",
    ])
    func `a ticker reads back as it was written`(text: String) throws {
        #expect(try #require(Symbol(text)).description == text)
    }

    @Test(arguments: ["", "ABCDEFGHIJKLMNOPQ", "AA PL", "AAPL\n", "Ä", "A\u{1B}[m"])
    func `what no market would spell is refused`(text: String) {
        #expect(Symbol(text) == nil)
    }

    @Test func `order is alphabetical`() {
        let shuffled: [Symbol] = ["TSLA", "A", "AAPL", "ABCDEFGHZ", "ABCDEFGHA", "AA"]
        #expect(
            shuffled.sorted().map(\.description) == [
                "A", "AA", "AAPL", "ABCDEFGHA", "ABCDEFGHZ", "TSLA",
            ])
    }
}

@Suite struct `Timestamps` {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2021-01-08T00:00:00.278Z", 1_610_064_000_278),
        ("1969-12-31T23:59:59.999Z", -1), ("2024-02-29T12:00:00.000Z", 1_709_208_000_000),
    ])
    func `RFC 3339 reads and prints the same moment`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func `the first moment that can be told prints too`() {
        #expect(Timestamp.distantPast.description == "1677-09-21T00:12:43.145Z")
    }

    @Test func `an offset is taken off`() {
        #expect(
            Timestamp(rfc3339: "2026-01-02T09:30:00-05:00") == TestMorning.open)
    }

    @Test(arguments: ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2262-04-11T23:47:17Z"])
    func `a moment beyond the range of nanoseconds is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
        #expect(Timestamp(rfc3339: "2262-04-11T23:47:16.854775807Z")?.nanoseconds == .max)
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-01-02", "2026-01-02T09:30:00", "2026-01-02T09:30:00.Z", "x",
    ])
    func `what is not a moment is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}

@Suite struct `Trade conditions` {
    @Test func `ids come back in order`() {
        #expect(TradeConditions([12, 37, 0]).ids == [12, 37, 0])
        #expect(TradeConditions.none.isEmpty)
        #expect(TradeConditions([0]).contains(0))
        #expect(!TradeConditions([12]).contains(37))
    }

    @Test func `an id out of range and a ninth condition become the unknown one`() {
        #expect(TradeConditions([300]).ids == [254])
        #expect(TradeConditions(Array(1...9)).ids.last == 254)
    }
}
