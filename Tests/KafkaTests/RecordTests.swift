import MarketModel
import TestSupport
import Testing

@testable import Kafka

@Suite(.serialized) struct `A record's header` {
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

    @Test func `comes back as it was written, for every kind and source`() throws {
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

    @Test func `has 28 bytes that other programs can read`() {
        var headers = KafkaHeaders()
        KafkaRecordHead(
            kind: .retry, source: .finnhub,
            receivedAt: Timestamp(nanoseconds: 0x0102_0304_0506_0708),
            producer: 0xFEDC_BA98_7654_3210, sequence: 258
        ).write(to: &headers)
        #expect(headers.fields.map { "\($0.name)" } == ["record"])
        #expect(
            headers.bytes == [
                2, 8, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
                0, 0, 0, 0, 0, 0, 1, 2,
            ])
    }

    @Test func `that no record of ours has is named by what is wrong`() throws {
        let usual: [UInt8] =
            [2, 1, 1, 0] + [0, 0, 0, 0, 0, 0, 0, 5] + [0, 0, 0, 0, 0, 0, 0, 255]
            + [0, 0, 0, 0, 0, 0, 0, 0]
        func headers(_ bytes: [UInt8], named name: StaticString = "record") -> KafkaHeaders {
            var headers = KafkaHeaders()
            headers.append("seq", 7)
            headers.append(name) { $0 += bytes }
            return headers
        }
        func changed(_ places: [Int: UInt8]) -> KafkaHeaders {
            var bytes = usual
            for (place, byte) in places { bytes[place] = byte }
            return headers(bytes)
        }
        let cases: [(KafkaHeaders, KafkaRecordError)] = [
            (changed([0: 3, 1: 99]), .unknownVersion(3)),
            (headers([49]), .unknownVersion(49)),
            (headers(usual, named: "Record"), .missingHeader),
            (KafkaHeaders(), .missingHeader),
            (headers([]), .malformedHead(bytes: 0)),
            (headers(usual.dropLast()), .malformedHead(bytes: 27)),
            (headers(usual + [0]), .malformedHead(bytes: 29)),
            (changed([1: 0]), .unknownKind(0)),
            (changed([1: 9]), .unknownKind(9)),
            (changed([2: 77]), .unknownSource(77)),
            (changed([4: 0x80]), .negative("received", .min + 5)),
            (changed([20: 0xFF]), .negative("sequence", -(1 << 56))),
        ]
        let found = try read([headers(usual)] + cases.map(\.0))
        let head = KafkaRecordHead(
            kind: .frame, source: .demo, receivedAt: Timestamp(nanoseconds: 5), producer: 255,
            sequence: 0)
        #expect(found == [.success(head)] + cases.map { .failure($0.1) })
    }
}
