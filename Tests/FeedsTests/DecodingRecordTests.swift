import MarketModel
import TestSupport
import Testing

@testable import Feeds

private let position = LogPosition(epoch: 1, offset: 4096)

private func record(
    _ kind: LogRecordKind, _ source: FeedSource, _ payload: [UInt8]
) -> EventBatch {
    var batch = EventBatch()
    batch.bytes = [0, 0] + payload
    var decoder = RecordDecoder()
    decoder.decode(
        kind: kind, source: source, receivedAt: receivedAt, position: position,
        payload: 2..<batch.bytes.count, into: &batch)
    return batch
}

@Suite struct `Record decoding` {
    @Test func `frames go to their provider's decoder`() {
        let trade = #"{"ev":"T","sym":"AAPL","p":1.5,"s":1,"t":1767286799123}"#
        let quote = #"{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}"#
        for (source, text) in [
            (FeedSource.massive, trade), (.demo, trade), (.binance, quote),
        ] {
            let batch = record(.frame, source, Array(text.utf8))
            #expect(batch.events.count == 1)
            #expect(batch.events[0].source == source)
            #expect(batch.events[0].position == position)
            #expect(batch.refusals.isEmpty && batch.ignored.isEmpty)
        }
        #expect(record(.frame, .ticktop, [1]).refusals.map(\.reason) == [.malformed])
    }

    @Test func `a clock record is one event`() {
        let batch = record(.clock, .ticktop, [])
        guard case .clock = batch.events.first?.event else {
            Issue.record("no clock")
            return
        }
        #expect(batch.events[0].receivedAt == receivedAt)
    }

    @Test(arguments: [
        Notice.previousClose("AAPL", "231.4401", tradingDate: CivilDate(daysSince1970: 20_455)),
        .historicalBar(
            ProviderBar(
                symbol: "BRK.B", start: receivedAt, end: receivedAt.advanced(by: .seconds(60)),
                open: "1.123456789", high: "2", low: "1", close: "1.5", volume: "0.00000001",
                vwap: "1.3", tradeCount: 7, sessionOpen: nil), interval: .minute),
        .connected(.binance), .disconnected(.massive, reason: "closed \"1006\""),
        .shed(.massive, trades: 1, quotes: 2, other: 3),
        .outage(.demo, from: receivedAt, to: receivedAt.advanced(by: .seconds(3))),
        .settings(json: #"{"lateness_ms":2000}"#),
        .listing(Listing(symbol: "BRK.B", name: "Berkshire", segment: .mega, sector: "Mining")),
        .listing(Listing(symbol: "SPY", name: "")),
        .earnings(
            EarningsReport(
                symbol: "AAPL", fiscalYear: 2025, quarter: 4,
                periodEnd: CivilDate(daysSince1970: 20_361),
                reportedOn: CivilDate(daysSince1970: 20_391), hour: .beforeOpen,
                estimate: "-1.000000001", actual: "1.85")),
        .earnings(EarningsReport(symbol: "AAPL", fiscalYear: 2026, quarter: 1)),
    ])
    func `notices survive the log`(notice: Notice) {
        let payload = RecordPayload.encode(notice)
        let batch = record(RecordPayload.kind(of: notice), .ticktop, payload)
        #expect(batch.notices == [notice])
        #expect(batch.events.count == 1)
        let cut = record(RecordPayload.kind(of: notice), .ticktop, payload.dropLast())
        #expect(cut.refusals.map(\.reason) == [.malformed])
    }

    @Test func `an article is read from the provider's shape`() {
        let text =
            #"{"category":"company","datetime":1767270600,"#
            + #""headline":"Acme &amp; Co &#8217;lifts&#x27; &bogus; outlook","#
            + #""id":900001,"image":"","related":"ACME","source":"Example \"Wire\"","#
            + #""symbol":"ACM","#
            + #""summary":"Gr\u00f6\u00dfer \ud83d\ude00","url":"https:\/\/example.com\/a"}"#
        let batch = record(.article, .finnhub, Array(text.utf8))
        #expect(
            batch.articles == [
                NewsArticle(
                    articleID: "900001", symbol: "ACM",
                    headline: "Acme & Co ’lifts' &bogus; outlook", summary: "Größer 😀",
                    publisher: "Example \"Wire\"", url: "https://example.com/a",
                    publishedAt: Timestamp(seconds: 1_767_270_600))
            ])
        let written = record(.article, .finnhub, RecordPayload.encode(batch.articles[0]))
        #expect(written.articles == batch.articles)
    }

    @Test func `an article without our ticker is one for each related ticker`() {
        let text = #"{"id":1,"headline":"x","related":"AAPL,MSFT","datetime":0}"#
        let batch = record(.article, .finnhub, Array(text.utf8))
        #expect(batch.articles.map(\.symbol) == ["AAPL", "MSFT"])
        #expect(batch.articles.map(\.publishedAt) == [receivedAt, receivedAt])
        #expect(batch.events.map(\.position.index) == [0, 1])
    }

    @Test(arguments: [
        ("{}", RefusalReason.missingField), ("[]", .malformed), ("{\"id\":1", .malformed),
        (#"{"id":1,"headline":"x"}"#, .missingField),
        (#"{"id":1,"headline":5,"symbol":"A"}"#, .malformed),
    ])
    func `a broken article is refused`(text: String, reason: RefusalReason) {
        #expect(
            record(.article, .finnhub, Array(text.utf8)).refusals.map(\.reason) == [reason])
    }

    private func letter(_ source: FeedSource, _ raw: String) -> DeadLetter {
        DeadLetter(
            position: LogPosition(epoch: 3, offset: 1 << 40, index: 7), source: source,
            receivedAt: receivedAt.advanced(by: .seconds(-90_000)),
            refusal: Refusal(reason: .tooManySymbols, field: "sym"), raw: Array(raw.utf8))
    }

    @Test(arguments: [
        (FeedSource.massive, #"{"ev":"T","sym":"AAPL","p":1.5,"s":1,"t":1767286799123}"#, "trade"),
        (.demo, #"[{"ev":"Q","sym":"A","bp":1,"ap":2,"t":1767286799123}]"#, "quote"),
        (
            .binance,
            #"{"e":"trade","E":1767286799123,"s":"BTCUSDT","t":5,"p":"1","q":"1","#
                + #""T":1767286799123,"m":true}"#,
            "trade"
        ),
        (.finnhub, #"{"id":1,"headline":"x","symbol":"A","datetime":1767286799}"#, "article"),
        (.massive, #"{"id":1,"headline":"x","symbol":"A","datetime":1767286799}"#, "article"),
        (.massive, #"{"ev":"T","sym":"AAPL"}"#, "refused"), (.demo, "?", "refused"),
    ])
    func `a retried letter is one event, with what its source's decoder makes of it beside it`(
        source: FeedSource, raw: String, kind: String
    ) throws {
        let letter = letter(source, raw)
        let batch = record(.retry, .retry, RetryPayload.encode(letter))
        #expect(batch.events.map(\.source) == [.retry] && batch.retries.count == 1)
        guard case .retry(index: 0) = batch.events[0].event else {
            Issue.record("\(batch.events[0].event)")
            return
        }
        let retried = batch.retries[0]
        #expect(retried.letter == letter.position && retried.source == source)
        #expect(retried.receivedAt == letter.receivedAt)
        let event = try #require(retried.events.first)
        #expect(retried.events.count == 1 && "\(event.event)".hasPrefix(kind), "\(event.event)")
        #expect(event.source == .retry && event.receivedAt == letter.receivedAt)
        #expect(event.position == position)
        #expect(batch.rawBytes(of: event).count >= raw.utf8.count - 2)
    }

    @Test func `a retry record of another shape is refused`() {
        let payload = RetryPayload.encode(letter(.massive, ""))
        #expect(record(.retry, .retry, []).refusals.map(\.reason) == [.malformed])
        #expect(
            record(.retry, .retry, Array(payload.dropLast())).refusals.map(\.reason)
                == [.malformed])
        for (index, value) in [(0, UInt8(9)), (1, 99)] {
            var broken = payload
            broken[index] = value
            #expect(record(.retry, .retry, broken).refusals.map(\.reason) == [.malformed])
        }
        #expect(record(.retry, .retry, payload).retries.map(\.events.count) == [0])
    }
}

@Suite struct `Frame files` {
    private func decode(_ lines: [String]) -> (EventBatch, FrameFileDecoder) {
        var batch = EventBatch()
        var decoder = FrameFileDecoder()
        for line in lines {
            let start = batch.bytes.count
            batch.bytes += Array(line.utf8)
            decoder.decode(
                line: start..<batch.bytes.count,
                position: LogPosition(epoch: 0, offset: Int64(start)), into: &batch)
        }
        return (batch, decoder)
    }

    private func trade(_ milliseconds: Int64) -> String {
        #"{"ev":"T","sym":"A","p":1,"s":1,"t":\#(1_767_286_799_000 + milliseconds)}"#
    }

    @Test
    func `receive time is the largest event time so far, a clock comes before each new second`() {
        let (batch, decoder) = decode([
            "", trade(100), "[\(trade(50)),\(trade(1200)),\(trade(900))]", "broken", trade(1300),
        ])
        #expect(decoder.source == .massive)
        #expect(!batch.checksEventTime)
        let open: Int64 = 1_767_286_799_000
        #expect(
            batch.events.map { $0.receivedAt.milliseconds - open }
                == [100, 100, 1000, 1200, 1200, 1200, 1300])
        guard case .clock = batch.events[2].event else {
            Issue.record("no clock before the second second")
            return
        }
        #expect(batch.events.map(\.position.index) == [0, 0, 1, 2, 3, 0, 0])
    }

    @Test func `the recorded Binance file is recognised, none of it refused`() throws {
        let text = String(
            decoding: try fixture("binance-btcusdt-2021-01-08.ndjson"), as: UTF8.self)
        let (batch, decoder) = decode(text.split(separator: "\n").map(String.init))
        #expect(decoder.source == .binance)
        #expect(batch.refusals.isEmpty)
        let clocks = batch.events.filter { if case .clock = $0.event { true } else { false } }
        #expect(clocks.count == 46)
        #expect(batch.events.count == 2452 + clocks.count)
    }
}

@Suite struct `Text to providers and answers from them` {
    @Test func `requests are the protocols' JSON`() {
        #expect(
            MassiveRequest.authenticate(key: "k\"\\\n")
                == #"{"action":"auth","params":"k\"\\\u000a"}"#)
        #expect(
            MassiveRequest.subscribe(to: MassiveRequest.topics(["AAPL"], kinds: ["T", "Q"]))
                == #"{"action":"subscribe","params":"T.AAPL,Q.AAPL"}"#)
        #expect(
            BinanceRequest.subscribe(to: BinanceRequest.streams(["BTCUSDT"]), id: 1)
                == #"{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@bookTicker"],"id":1}"#
        )
        #expect(
            BinanceRequest.path(BinanceRequest.streams(["BTCUSDT"]))
                == "/stream?streams=btcusdt@trade/btcusdt@bookTicker")
    }

    @Test func `aggregates are read exactly`() throws {
        let body =
            #"{"ticker":"AAPL","status":"DELAYED","next_url":"https:\/\/h\/c","results":["#
            + #"{"v":1.825025e+04,"vw":231.41221234567891,"o":231.38,"c":231.44,"#
            + #""h":231.47,"l":231.36,"#
            + #""t":1767286740000,"n":189}]}"#
        let (bars, next) = try HistoryDecoder.massiveBars(
            Array(body.utf8), symbol: "AAPL", length: .minute)
        #expect(next == "https://h/c")
        #expect(bars.map(\.volume) == ["18250.25"])
        #expect(bars.map(\.vwap) == ["231.412212346"])
        #expect(bars.map(\.end) == [Timestamp(milliseconds: 1_767_286_800_000)])
        let none = Array(#"{"status":"OK","resultsCount":0}"#.utf8)
        #expect(
            try HistoryDecoder.massiveBars(none, symbol: "A", length: .day).bars.isEmpty)
        #expect(throws: HistoryError.provider(status: "ERROR", message: "Unknown API Key")) {
            let refusal = Array(#"{"status":"ERROR","error":"Unknown API Key"}"#.utf8)
            _ = try HistoryDecoder.massiveBars(refusal, symbol: "A", length: .day)
        }
        #expect(throws: HistoryError.self) {
            _ = try HistoryDecoder.massiveBars(
                Array(body.utf8.dropLast(3)), symbol: "A", length: .day)
        }
    }

    @Test func `klines are read exactly`() throws {
        let body =
            #"[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","#
            + #""148976.11427815","#
            + #"1499644799999,"2434.19055334",308,"1756.87402397","28.46694368","0"]]"#
        let bars = try HistoryDecoder.binanceKlines(Array(body.utf8), symbol: "ETHBTC")
        #expect(
            bars == [
                ProviderBar(
                    symbol: "ETHBTC", start: Timestamp(milliseconds: 1_499_040_000_000),
                    end: Timestamp(milliseconds: 1_499_644_800_000), open: "0.0163479",
                    high: "0.8", low: "0.015758", close: "0.015771", volume: "148976.11427815",
                    tradeCount: 308)
            ])
        #expect(try HistoryDecoder.binanceKlines(Array("[]".utf8), symbol: "A").isEmpty)
        #expect(throws: HistoryError.provider(status: "-1121", message: "Invalid symbol.")) {
            let refusal = Array(#"{"code":-1121,"msg":"Invalid symbol."}"#.utf8)
            _ = try HistoryDecoder.binanceKlines(refusal, symbol: "A")
        }
    }
}
