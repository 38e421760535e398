import MarketModel
import Testing

@testable import Feeds

private let tradeText =
    #"{"ev":"T","sym":"AAPL","i":"90210","x":4,"p":231.4401,"s":37,"ds":"37.5","c":[12,37],"#
    + #""t":1767286799123,"q":771204,"z":3,"trfi":202,"trft":1767286799121}"#
private let quoteText =
    #"{"ev":"Q","sym":"AAPL","bx":11,"bp":231.43,"bs":2,"ax":12,"ap":231.45,"as":4,"c":1,"#
    + #""t":1767286799124,"q":771205,"z":3}"#
private let barText =
    #"{"ev":"AM","sym":"AAPL","v":18250,"av":1290344,"op":230.9,"vw":231.4122,"o":231.38,"#
    + #""c":231.44,"h":231.47,"l":231.36,"a":231.2018,"z":96,"s":1767286740000,"e":1767286800000}"#
private let bandText =
    #"{"ev":"LULD","T":"AAPL","h":254.58,"l":208.30,"i":[17],"z":3,"t":1767286799120000,"q":1822}"#

@Suite struct `Massive decoding` {
    @Test func `a frame of mixed types gives one event an element, in order`() {
        let status = #"{"ev":"status","status":"success","message":"subscribed to: T.AAPL"}"#
        let frame =
            "[" + [tradeText, quoteText, status, barText, bandText].joined(separator: ",") + "]"
        let decoded = massive(frame)
        #expect(
            decoded.trades == [
                Trade(
                    symbol: "AAPL", price: "231.4401", size: "37.5",
                    executedAt: Timestamp(milliseconds: 1_767_286_799_123), sequence: 771_204,
                    conditions: TradeConditions([12, 37]), tradeID: 90210, exchange: 4)
            ])
        #expect(
            decoded.quotes == [
                Quote(
                    symbol: "AAPL", bid: "231.43", ask: "231.45", bidSize: 200, askSize: 400,
                    quotedAt: Timestamp(milliseconds: 1_767_286_799_124), sequence: 771_205)
            ])
        #expect(
            decoded.bars == [
                ProviderBar(
                    symbol: "AAPL", start: Timestamp(milliseconds: 1_767_286_740_000),
                    end: Timestamp(milliseconds: 1_767_286_800_000), open: "231.38",
                    high: "231.47", low: "231.36", close: "231.44", volume: 18250,
                    vwap: "231.4122", sessionOpen: "230.9")
            ])
        #expect(
            decoded.bands == [
                PriceBand(
                    symbol: "AAPL", upper: "254.58", lower: "208.3",
                    at: Timestamp(milliseconds: 1_767_286_799_120), sequence: 1822)
            ])
        #expect(decoded.batch.ignored == ["status"])
        #expect(decoded.controls == [.subscribed(topic: "T.AAPL")])
        #expect(decoded.batch.events.map(\.position.index) == [0, 1, 2, 3, 4])
        #expect(decoded.raw == [tradeText, quoteText, status, barText, bandText])
    }

    @Test func `a single object is a frame of one`() {
        #expect(massive(tradeText).trades.count == 1)
        #expect(massive(" " + tradeText + "\r\n").trades.count == 1)
    }

    @Test(arguments: ["", "[]", " ", " [ ] ", "\n"])
    func `empty frames give nothing`(frame: String) {
        #expect(massive(frame).batch.events.isEmpty)
    }

    @Test func `a trade may be regular, fractional, or in any order of its fields`() {
        func trade(_ rest: String) -> Trade? {
            massive(#"{"ev":"T","sym":"BRK.B","t":1767286799123,\#(rest)}"#).trades.first
        }
        #expect(trade(#""p":10,"s":1"#)?.conditions == TradeConditions.none)
        #expect(trade(#""p":10,"s":1,"c":[]"#)?.conditions == TradeConditions.none)
        #expect(trade(#""p":10,"s":1,"c":[300]"#)?.conditions.contains(254) == true)
        #expect(trade(#""p":10,"s":0,"ds":"0.25""#)?.size == "0.25")
        #expect(trade(#""ds":"0.25","s":0,"p":1.5e2"#)?.price == "150")
        #expect(trade(#""p":1E-9,"s":1"#)?.price == "0.000000001")
        #expect(trade(#""p":123456789.123456789,"s":1"#)?.price == "123456789.123456789")
        #expect(trade(#""p":10,"s":1,"i":null"#)?.tradeID == 0)
        #expect(trade(#""p":10,"s":1,"i":"9223372036854775807""#)?.tradeID == UInt64(Int64.max))
        #expect(trade(#""p":10,"s":1,"i":"9223372036854775808""#)?.tradeID ?? 0 > UInt64(Int64.max))
        #expect(trade(#""p":10,"s":1,"i":"a-1""#)?.tradeID ?? 0 > UInt64(Int64.max))
        let backwards = #"{"t":1767286799123,"s":5,"p":2.5,"sym":"A","ev":"T"}"#
        #expect(massive(backwards).trades.first?.size == 5)
    }

    @Test func `unknown fields and escapes are passed over or resolved`() {
        let frame =
            #"{ "ev" : "T" , "new" : {"a":[1,{"b":"}]\"\\"}],"c":null}, "sym":"\u0041\u0042C","#
            + #""\u0070":1.25,"s":3,"t":1767286799123,"longer_than_eight":[true,false,-1.5e+3]}"#
        let trade = massive(frame).trades.first
        #expect(trade?.symbol == "ABC")
        #expect(trade?.price == "1.25")
    }

    @Test func `an empty side of a quote is zero`() {
        let quote = massive(
            #"{"ev":"Q","sym":"A","bp":0,"bs":0,"ap":1.5,"as":1,"t":1767286799124}"#
        ).quotes.first
        #expect(quote?.bid == Price.zero)
        #expect(quote?.spread == nil)
        let oneSided = massive(#"{"ev":"Q","sym":"A","ap":1.5,"t":1767286799124}"#)
        #expect(oneSided.quotes.first?.bidSize == Size.zero)
    }

    @Test func `types that are not received are named`() {
        let decoded = massive(#"[{"ev":"FMV","sym":"A","fmv":1},{"ev":"NOI","T":"A"}]"#)
        #expect(decoded.batch.ignored == ["FMV", "NOI"])
        #expect(decoded.controls.isEmpty)
    }

    @Test(arguments: [
        ("connected", "", ControlMessage.connected), ("auth_success", "", .authenticated),
        ("auth_failed", "no", .authenticationFailed(message: "no")),
        ("auth_timeout", "t", .authenticationTimedOut(message: "t")),
        ("max_connections", "m", .tooManyConnections(message: "m")),
        ("not_authorized", "plan", .notAuthorized(message: "plan")),
        ("success", "unsubscribed to: Q.AAPL", .unsubscribed(topic: "Q.AAPL")),
        ("new", "x", .other(status: "new", message: "x")),
    ])
    func `status messages are typed`(status: String, message: String, control: ControlMessage) {
        let frame = #"[{"ev":"status","status":"\#(status)","message":"\#(message)"}]"#
        #expect(massive(frame).controls == [control])
    }
}

@Suite struct `Massive validation` {
    private static let good: [(String, String)] = [
        ("sym", #""AAPL""#), ("p", "10.5"), ("s", "100"), ("t", "1767286799123"),
    ]

    /// A trade with one field replaced, or left out when there is no value.
    private func trade(_ field: String, _ value: String?) -> Decoded {
        var fields = Self.good.filter { $0.0 != field }
        if let value { fields.append((field, value)) }
        let text = fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return massive("[{\"ev\":\"T\",\(text)},\(tradeText)]")
    }

    @Test(arguments: [
        ("sym", nil, RefusalReason.missingField), ("p", nil, .missingField),
        ("s", nil, .missingField), ("t", nil, .missingField), ("p", "null", .missingField),
        ("sym", #""""#, .symbol), ("sym", #""A B""#, .symbol), ("sym", #""ÄPFEL""#, .symbol),
        ("sym", #""ABCDEFGHIJKLMNOPQ""#, .symbol), ("sym", "7", .malformed),
        ("p", "0", .price), ("p", "-1", .price), ("p", "0.0000000001", .range),
        ("p", "10000000000", .range), ("p", "1e400", .range), ("p", #""10""#, .malformed),
        ("p", "NaN", .malformed), ("p", "Infinity", .malformed), ("p", "01", .malformed),
        ("p", "1.", .malformed), ("p", ".5", .malformed), ("p", "1e", .malformed),
        ("p", "[1]", .malformed), ("p", "true", .malformed), ("p", "1x", .malformed),
        ("s", "0", .size), ("s", "-5", .size), ("s", "100000000000", .range),
        ("ds", #""0""#, .size), ("ds", #""""#, .malformed), ("ds", "1.5", .malformed),
        ("ds", #""1 ""#, .malformed), ("t", "0", .time), ("t", "1767286799", .time),
        ("t", "1767286799123000000", .time), ("t", "-1", .malformed),
        ("t", #""1767286799123""#, .malformed), ("q", #""x""#, .malformed),
        ("c", "37", .malformed), ("c", #"["37"]"#, .malformed), ("c", "[-1]", .malformed),
        ("x", "40000", .range), ("i", "5", .malformed),
    ])
    func `a broken trade is refused by reason and field, and its sibling lives`(
        field: String, value: String?, reason: RefusalReason
    ) {
        let decoded = trade(field, value)
        #expect(decoded.batch.refusals.map(\.reason) == [reason])
        #expect(decoded.batch.refusals.map(\.field) == [field])
        #expect(decoded.trades.count == 1)
        #expect(decoded.batch.events.count == 2)
        if field != "sym" { #expect(decoded.batch.refusals.first?.symbol == "AAPL") }
    }

    @Test(arguments: [("bp", "-1"), ("ap", "-0.01"), ("bs", "-1"), ("as", "-2")])
    func `a quote below zero is refused`(field: String, value: String) {
        let text = [("bp", "1"), ("ap", "2"), ("bs", "1"), ("as", "1")]
            .map { "\"\($0.0)\":\($0.0 == field ? value : $0.1)" }.joined(separator: ",")
        let decoded = massive("[{\"ev\":\"Q\",\"sym\":\"A\",\"t\":1767286799123,\(text)}]")
        #expect(decoded.batch.refusals == [Refusal(reason: .quote, field: field, symbol: "A")])
    }

    @Test func `elements that are no objects of the protocol are refused one by one`() {
        let decoded = massive(#"[1,"x",null,[{}],{},{"a":1},{"ev":5},\#(tradeText)]"#)
        #expect(decoded.batch.refusals.count == 7)
        #expect(decoded.trades.count == 1)
        #expect(decoded.raw.prefix(4) == ["1", "\"x\"", "null", "[{}]"])
    }

    @Test func `a frame that is no JSON is refused whole`() {
        for frame in ["hello", "12", "\"a\"", "<html>", "nul"] {
            let decoded = massive(frame)
            #expect(decoded.batch.refusals == [Refusal(reason: .malformed, field: "")])
            #expect(decoded.raw == [frame])
        }
    }

    @Test func `what cannot be followed gives what came before and one refusal for the rest`() {
        let decoded = massive("[\(tradeText),\(tradeText) \(tradeText),\(tradeText)]")
        #expect(decoded.trades.count == 2)
        #expect(decoded.batch.refusals.count == 1)
        #expect(decoded.raw.last == "\(tradeText),\(tradeText)]")
    }

    @Test func `a frame above one mebibyte is too large`() {
        let padding = String(repeating: " ", count: FrameDecoder.frameBytesMax)
        let decoded = massive(tradeText + padding)
        #expect(decoded.batch.refusals.map(\.reason) == [.tooLarge])
        #expect(decoded.batch.rawBytes(of: decoded.batch.events[0]).count == 65_536)
    }

    @Test func `deep nesting is refused, not followed`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(massive(#"{"ev":"T","x":\#(deep)"#).batch.refusals.count == 1)
    }
}
