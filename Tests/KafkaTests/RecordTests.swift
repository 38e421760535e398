import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A record's headers` {
    /// What a consumer reads of headers that were sent.
    private func read(_ all: [KafkaHeaders]) throws -> [Result<KafkaRecordHead, KafkaRecordError>] {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        for headers in all { _ = producer.sendWaiting("{}", key: nil, headers: headers) }
        #expect(producer.flush(timeout: .seconds(5)))
        let consumer = try rig.consumer()
        try consumer.begin([0: .oldest])
        var read: [Result<KafkaRecordHead, KafkaRecordError>] = []
        _ = try eventually {
            _ = consumer.poll(wait: .milliseconds(20))
            try consumer.drain(0, countMax: all.count) { message in
                do throws(KafkaRecordError) {
                    read.append(.success(try message.recordHead()))
                } catch {
                    read.append(.failure(error))
                }
                return true
            }
            return read.count == all.count
        }
        return read
    }

    @Test func `come back as they were written, for every kind and source`() throws {
        var heads: [KafkaRecordHead] = []
        for kind in LogRecordKind.allCases {
            for source in FeedSource.allCases {
                heads.append(
                    KafkaRecordHead(
                        kind: kind, source: source, receivedAt: TestMorning.open,
                        producer: 0xFEDC_BA98_7654_3210, sequence: Int64(heads.count)))
            }
        }
        heads[0].receivedAt = Timestamp(nanoseconds: .max)
        heads[0].sequence = .max
        heads[1].receivedAt = Timestamp(nanoseconds: 0)
        heads[1].producer = 0
        let sent = heads.map { head in
            var headers = KafkaHeaders()
            head.write(to: &headers)
            return headers
        }
        #expect(try read(sent) == heads.map { .success($0) })
    }

    @Test func `that no record of ours has are named, each by what is wrong`() throws {
        // An empty text stands for no such header.
        func headers(_ change: [String: String]) -> KafkaHeaders {
            var headers = KafkaHeaders()
            func put(_ name: StaticString, _ usual: String) {
                let value = change["\(name)"] ?? usual
                if !value.isEmpty { headers.append(name, value) }
            }
            put("v", "1")
            put("kind", "frame")
            put("source", "demo")
            put("received", "5")
            put("producer", "00000000000000ff")
            put("seq", "0")
            return headers
        }
        let cases: [([String: String], KafkaRecordError)] = [
            (["v": "2", "kind": "tensor"], .unknownVersion("2")),
            (["v": ""], .missingHeader("v")),
            (["seq": ""], .missingHeader("seq")),
            (["kind": "tensor"], .unknownKind("tensor")),
            (["source": "nasdaq"], .unknownSource("nasdaq")),
            (["received": "yesterday"], .malformedHeader("received", value: "yesterday")),
            (
                ["received": "9223372036854775808"],
                .malformedHeader("received", value: "9223372036854775808")
            ),
            (["producer": "FF"], .malformedHeader("producer", value: "FF")),
            (["seq": "-1"], .malformedHeader("seq", value: "-1")),
            (["seq": " "], .malformedHeader("seq", value: " ")),
        ]
        let found = try read(cases.map { headers($0.0) } + [KafkaHeaders()])
        #expect(found == cases.map { .failure($0.1) } + [.failure(.missingHeader("v"))])
    }
}
