import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A log in partitions` {
    private static let tickers = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA", "BRK.B", "GOOG", "META"]

    @Test func `gives back exactly what was sent, in order within each ticker`() throws {
        let rig = try BrokerRig()
        let producer = try rig.producer()
        let sent = (0..<20_000).map { ($0, Self.tickers[$0 % Self.tickers.count]) }
        for (number, ticker) in sent {
            #expect(producer.sendWaiting("trade \(number)", key: ticker) == .taken)
        }
        #expect(producer.flush(timeout: .seconds(10)))

        let consumer = try rig.consumer(.group(rig.settings.group))
        let received = try consumer.take(sent.count)
        #expect(received.count == sent.count)
        for ticker in Self.tickers {
            let expected = sent.filter { $0.1 == ticker }.map { "trade \($0.0)" }
            let found = received.filter { $0.key == ticker }
            #expect(found.map(\.payload) == expected)
            let partition = KafkaPartitioner.partition(of: ticker.utf8, among: 6)
            #expect(found.allSatisfy { $0.partition == partition }, "\(ticker)")
        }
        let figures = producer.figures
        #expect(figures.taken == Int64(sent.count) && figures.delivered == figures.taken)
        #expect(figures.queued == 0 && figures.failed == 0 && figures.trouble == nil)
        #expect(consumer.lag.values.reduce(0, +) == 0)
    }

    @Test(arguments: [KafkaCompression.lz4, .snappy, .none])
    func `is read whatever compresses it`(_ compression: KafkaCompression) throws {
        let rig = try BrokerRig()
        rig.settings.compression = compression
        let producer = try rig.producer()
        let sent = (0..<500).map { "trade \($0) " + String(repeating: "x", count: $0) }
        for text in sent { _ = producer.sendWaiting(text, key: "AAPL") }
        let consumer = try rig.consumer()
        try consumer.begin([KafkaPartitioner.partition(of: "AAPL".utf8, among: 6): .oldest])
        #expect(try consumer.take(sent.count).map(\.payload) == sent)
    }

    @Test func `carries records of 1 MiB and empty ones, and refuses longer ones at once`() throws {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        let mebibyte = String(repeating: "m", count: 1 << 20)
        #expect(producer.sendWaiting(mebibyte, key: "AAPL") == .taken)
        #expect(producer.sendWaiting("", key: "AAPL") == .taken)
        let longer = String(repeating: "l", count: (2 << 20) + 1)
        #expect(producer.sendWaiting(longer, key: "AAPL") == .tooLarge(bytes: longer.utf8.count))
        #expect(producer.sendWaiting("after", key: "AAPL") == .taken)
        let consumer = try rig.consumer()
        try consumer.begin([0: .oldest])
        #expect(try consumer.take(3).map(\.payload) == [mebibyte, "", "after"])
        #expect(producer.figures.refused == 1 && producer.figures.failed == 0)
    }
}
