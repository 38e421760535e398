import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

private let tradeText =
    #"{"e":"trade","E":1767286799124,"s":"BTCUSDT","t":700001,"p":"88120.01000000","#
    + #""q":"0.00120000","T":1767286799123,"m":true,"M":true}"#
private let quoteText =
    #"{"u":400900217,"s":"BTCUSDT","b":"88120.00000000","B":"0.50000000","a":"88120.01000000","#
    + #""A":"0.20000000"}"#

@Suite struct `Binance decoding` {
    @Test(arguments: [false, true])
    func `trades and quotes are read bare and wrapped`(isWrapped: Bool) {
        func frame(_ text: String) -> String {
            isWrapped ? #"{"stream":"btcusdt@any","data":\#(text)}"# : text
        }
        #expect(
            binance(frame(tradeText)).trades == [
                Trade(
                    symbol: "BTCUSDT", price: "88120.01", size: "0.0012",
                    executedAt: Timestamp(milliseconds: 1_767_286_799_123), sequence: 700_001,
                    tradeID: 700_001, aggressor: .seller)
            ])
        #expect(
            binance(frame(quoteText)).quotes == [
                Quote(
                    symbol: "BTCUSDT", bid: "88120", ask: "88120.01", bidSize: "0.5",
                    askSize: "0.2", quotedAt: receivedAt, sequence: 400_900_217,
                    hasExchangeTime: false)
            ])
        #expect(binance(frame(tradeText)).raw == [frame(tradeText)])
    }

    @Test func `microseconds are told by magnitude, and recorded quotes have their time`() {
        let micro = tradeText.replacing("\"T\":1767286799123", with: "\"T\":1767286799123456")
        #expect(
            binance(micro).trades.first?.executedAt.nanoseconds == 1_767_286_799_123_456_000)
        let timed = binance(quoteText.dropLast() + #","E":1767286799124}"#).quotes.first
        #expect(timed?.hasExchangeTime == true)
        #expect(timed?.quotedAt == Timestamp(milliseconds: 1_767_286_799_124))
    }

    @Test func `the keys may come in any order`() {
        let frame =
            #"{"data":{"a":"2","A":"1","b":"1.5","B":"3","s":"ETHUSDT","u":7},"stream":"x"}"#
        #expect(binance(frame).quotes.first?.ask == "2")
        let trade = #"{"p":"5","q":"1","s":"ETHUSDT","T":1767286799123,"t":1,"e":"trade"}"#
        #expect(binance(trade).trades.first?.price == "5")
    }

    @Test func `other types are ignored by name, answers are control messages`() {
        let kline = #"{"e":"kline","E":1767286800010,"s":"BTCUSDT","k":{"t":1,"o":"1"}}"#
        #expect(binance(kline).batch.ignored == ["kline"])
        #expect(binance(#"{"result":null,"id":1}"#).controls == [.accepted(id: 1)])
        #expect(
            binance(#"{"error":{"code":2,"msg":"bad"},"id":3}"#).controls
                == [.refused(code: 2, message: "bad", id: 3)])
        #expect(
            binance(#"{"code":-1121,"msg":"Invalid \"symbol\""}"#).controls
                == [.refused(code: -1121, message: "Invalid \"symbol\"", id: nil)])
        #expect(
            binance(#"{"stream":"x","data":{"e":"serverShutdown","E":1767286800010}}"#).controls
                == [.serverShutdown])
    }

    @Test(arguments: [
        (#""p":"88120.01000000""#, #""p":"0""#, RefusalReason.price, "p"),
        (#""p":"88120.01000000""#, #""p":"-1""#, .price, "p"),
        (#""p":"88120.01000000""#, #""p":88120.01"#, .malformed, "p"),
        (#""p":"88120.01000000""#, #""p":"NaN""#, .malformed, "p"),
        (#""q":"0.00120000""#, #""q":"0.00000000""#, .size, "q"),
        (#""q":"0.00120000""#, #""q":"0.000000001""#, .range, "q"),
        (#""t":700001,"#, "", .missingField, "t"),
        (#""s":"BTCUSDT""#, #""s":"BTC USDT""#, .symbol, "s"),
        (#""T":1767286799123"#, #""T":17"#, .time, "T"),
        (#""m":true"#, #""m":1"#, .malformed, "m"),
    ])
    func `broken trades are refused by reason and field`(
        good: String, bad: String, reason: RefusalReason, field: String
    ) {
        let frame = #"{"stream":"x","data":\#(tradeText.replacing(good, with: bad))}"#
        let decoded = binance(frame)
        #expect(decoded.batch.refusals.map(\.reason) == [reason])
        #expect(decoded.batch.refusals.map(\.field) == [field])
        #expect(decoded.raw == [frame])
    }

    @Test func `the recorded file reads as Python reads it`() throws {
        let bytes = try fixture("binance-btcusdt-2021-01-08.ndjson")
        var decoded = Decoded()
        for line in bytes.split(separator: 10) {
            decoded.batch.events += binance(line).batch.events
        }
        #expect(decoded.trades.count == 2001)
        #expect(decoded.quotes.count == 451)
        let reference = try ReferenceProgram.run(
            "Tests/FeedsTests/Reference/decode_frames.py", input: Data(bytes))
        let expected = String(decoding: reference, as: UTF8.self).split(separator: "\n")
        #expect(referenceLines(decoded) == expected.map(String.init))
    }
}
