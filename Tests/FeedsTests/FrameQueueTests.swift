import Dispatch
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Feeds

@Suite struct `The frame queue` {
    private func frame(
        _ text: String, source: FeedSource = .massive, second: Int64 = 0
    ) -> LogRecord {
        LogRecord(
            kind: .frame, source: source,
            receivedAt: TestMorning.open.advanced(by: .seconds(second)), payload: Array(text.utf8))
    }

    private func takeAll(_ queue: FrameQueue) -> [LogRecord] {
        var records: [LogRecord] = []
        while queue.take(into: &records, recordsMax: 100, wait: .zero) == .records {}
        return records
    }

    private func text(_ record: LogRecord) -> String {
        String(decoding: record.payload, as: UTF8.self)
    }

    @Test func `hands out records in order, at most as many as asked for`() {
        let queue = FrameQueue(rule: .wait)
        for number in 0..<10_000 { queue.offer(frame("[\(number)]")) }
        var records: [LogRecord] = []
        var takes = 0
        while queue.take(into: &records, recordsMax: 7, wait: .zero) == .records {
            takes += 1
            #expect(records.count <= takes * 7)
        }
        #expect(records.map { text($0) } == (0..<10_000).map { "[\($0)]" })
        #expect(queue.bytes == 0)
        #expect(queue.bytesPeak == records.reduce(0) { $0 + $1.payload.count })
    }

    @Test func `is idle after the wait when nothing comes, and ended after the last record`() {
        let queue = FrameQueue(rule: .wait)
        var records: [LogRecord] = []
        #expect(queue.take(into: &records, recordsMax: 1, wait: .milliseconds(5)) == .idle)
        queue.offer(frame("[1]"))
        queue.finish()
        #expect(queue.take(into: &records, recordsMax: 9, wait: .zero) == .records)
        #expect(queue.take(into: &records, recordsMax: 9, wait: .seconds(5)) == .ended)
        #expect(records.count == 1)
    }

    @Test func `wakes a waiting consumer`() {
        let queue = FrameQueue(rule: .wait)
        let record = frame("[1]")
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) {
            queue.offer(record)
        }
        var records: [LogRecord] = []
        #expect(queue.take(into: &records, recordsMax: 1, wait: .seconds(20)) == .records)
    }

    @Test func `makes a producer that can wait do so until there is room`() {
        let queue = FrameQueue(bytesMax: 10, rule: .wait)
        let offered = Atomic<Int>(0)
        let record = frame("[12345678]")
        let done = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            for _ in 0..<3 {
                queue.offer(record)
                offered.add(1, ordering: .sequentiallyConsistent)
            }
            done.signal()
        }
        var records: [LogRecord] = []
        while records.count < 3 {
            #expect(queue.bytes <= 20)
            _ = queue.take(into: &records, recordsMax: 1, wait: .seconds(10))
        }
        done.wait()
        #expect(offered.load(ordering: .sequentiallyConsistent) == 3)
        #expect(queue.shedTotal.isEmpty)
    }

    @Test func `lets a waiting producer go when it is finished`() {
        let queue = FrameQueue(bytesMax: 1, rule: .wait)
        queue.offer(frame("[1]"))
        let done = DispatchSemaphore(value: 0)
        let record = frame("[2]")
        DispatchQueue.global().async {
            queue.offer(record)
            done.signal()
        }
        queue.finish()
        #expect(done.wait(timeout: .now() + .seconds(10)) == .success)
    }

    @Test func `of a live socket sheds quotes above the high mark and keeps trades`() {
        let mixed = #"[{"ev":"T","sym":"A"},{"ev":"Q","sym":"]A"},{"ev":"AM","sym":"A"}]"#
        let kept = #"[{"ev":"T","sym":"A"},{"ev":"AM","sym":"A"}]"#
        let queue = FrameQueue(bytesMax: mixed.utf8.count * 8, rule: .shed)
        for _ in 0..<7 { queue.offer(frame(mixed)) }
        queue.offer(frame(#"[{"ev":"Q","sym":"A"}]"#))
        let records = takeAll(queue)
        #expect(records.dropLast().map { text($0) } == Array(repeating: mixed, count: 6) + [kept])
        #expect(records.last?.kind == .shed)
        #expect(queue.shedTotal[.massive].quotes == 2)
        #expect(queue.shedTotal[.massive].trades == 0)
    }

    @Test func `sheds whole frames above the bound and counts every kind`() {
        let queue = FrameQueue(bytesMax: 40, rule: .shed)
        queue.offer(frame(#"[{"ev":"T","sym":"A"}]"#))
        queue.offer(
            frame(
                #"[{"ev":"T"},{"ev":"T"},{"ev":"Q"},{"ev":"LULD"},{"ev":"status"}]"#, second: 3))
        queue.offer(frame("not json at all, and longer than there is room", second: 4))
        #expect(queue.shedTotal[.massive].trades == 2)
        #expect(queue.shedTotal[.massive].quotes == 1)
        #expect(queue.shedTotal[.massive].other == 2)
        let records = takeAll(queue)
        #expect(records.map(\.kind) == [.frame, .shed])
        #expect(records[1].receivedAt == TestMorning.open.advanced(by: .seconds(4)))
        #expect(takeAll(queue).isEmpty)
    }

    @Test func `tells Binance's trades and quotes apart`() {
        let trade = #"{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":1}}"#
        let quote = #"{"stream":"btcusdt@bookTicker","data":{"u":4,"s":"BTCUSDT","b":"1","a":"2"}}"#
        let queue = FrameQueue(bytesMax: 100, rule: .shed)
        queue.offer(frame(trade, source: .binance))
        queue.offer(frame(quote, source: .binance))
        queue.offer(frame(trade, source: .binance))
        queue.offer(frame(#"{"result":null,"id":1}"#, source: .binance))
        #expect(queue.shedTotal[.binance].quotes == 1)
        #expect(queue.shedTotal[.binance].trades == 1)
        #expect(queue.shedTotal[.binance].other == 0)
    }

    @Test func `never refuses what is not a frame`() {
        let queue = FrameQueue(bytesMax: 1, rule: .shed)
        for second in 0..<5 {
            queue.offer(
                LogRecord(
                    kind: .clock, source: .ticktop,
                    receivedAt: TestMorning.open.advanced(by: .seconds(second))))
        }
        #expect(takeAll(queue).count == 5)
    }

    @Test func `conserves events between several producers and a slow consumer`() async {
        let queue = FrameQueue(bytesMax: 4_000, rule: .shed)
        let record = frame(#"[{"ev":"T","sym":"A"},{"ev":"Q","sym":"A"}]"#)
        let producers = 3
        let perProducer = 2_000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<producers {
                group.addTask { for _ in 0..<perProducer { queue.offer(record) } }
            }
            await group.waitForAll()
            queue.finish()
        }
        var records: [LogRecord] = []
        while queue.take(into: &records, recordsMax: 5, wait: .seconds(1)) == .records {}
        let trades = records.count { text($0).contains(#""T""#) }
        let quotes = records.count { text($0).contains(#""Q""#) }
        let sent = Int64(producers * perProducer)
        #expect(Int64(trades) + queue.shedTotal[.massive].trades == sent)
        #expect(Int64(quotes) + queue.shedTotal[.massive].quotes == sent)
        #expect(trades >= quotes)
    }
}

@Suite struct `The clock ticker` {
    @Test func `offers a clock record at once and stops when told`() {
        let queue = FrameQueue(rule: .wait)
        let clock = ManualClock(TestMorning.open)
        let ticker = ClockTicker(clock: clock)
        ticker.start(into: queue)
        var records: [LogRecord] = []
        #expect(queue.take(into: &records, recordsMax: 1, wait: .seconds(10)) == .records)
        ticker.stop()
        #expect(records[0].kind == .clock && records[0].receivedAt == TestMorning.open)
    }
}
