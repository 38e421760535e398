import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

@Suite(.serialized) struct `A partition that is not drained` {
    private func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (Int(status.split(separator: " ")[1]) ?? 0) * 4096
    }

    @Test func `waits in the log: its lag grows, memory does not, the others flow`() throws {
        let rig = try BrokerRig(partitions: 2)
        rig.settings.options["queued.max.messages.kbytes"] = "1024"
        rig.settings.options["queued.min.messages"] = "1000"
        rig.settings.compression = .none
        let producer = try rig.producer()
        let consumer = try rig.consumer()
        try consumer.begin([0: .offset(0), 1: .offset(0)])
        let text = String(repeating: "x", count: 1000)
        var before = 0
        var flowed = 0
        // 40 MB for the partition that is not drained.
        for round in 0..<40 {
            for _ in 0..<1000 { _ = producer.sendWaiting(text, key: nil, partition: 0) }
            _ = producer.sendWaiting("r\(round)", key: nil, partition: 1)
            #expect(producer.flush(timeout: .seconds(5)))
            #expect(
                try eventually {
                    _ = consumer.poll(wait: .milliseconds(5))
                    flowed += try consumer.drain(1, countMax: 100) { _ in true }
                    return flowed == round + 1
                })
            if round == 9 { before = try residentBytes() }
        }
        #expect(
            eventually {
                _ = consumer.poll(wait: .milliseconds(5))
                return (consumer.lag[0] ?? 0) == 40_000
            })
        #expect(consumer.lag[1] == 0)
        let growth = try residentBytes() - before
        #expect(growth < 16 << 20, "\(growth >> 20) MiB more")

        var offsets: [Int64] = []
        #expect(
            try eventually {
                _ = consumer.poll(wait: .milliseconds(5))
                try consumer.drain(0, countMax: 5000) {
                    offsets.append($0.offset)
                    return true
                }
                return offsets.count == 40_000
            })
        #expect(offsets == Array(0..<40_000))
        #expect(consumer.lag[0] == 0)
    }

    @Test func `stops where its taker says so, and goes on there`() throws {
        let rig = try BrokerRig(partitions: 1)
        let producer = try rig.producer()
        for number in 0..<3000 { _ = producer.sendWaiting("r\(number)", key: "AAPL") }
        let consumer = try rig.consumer()
        try consumer.begin([0: .offset(0)])
        var random = SeededRandom(seed: 3)
        var seen: [String] = []
        let isComplete = try eventually {
            _ = consumer.poll(wait: .milliseconds(5))
            var left = Int.random(in: 1...700, using: &random)
            let count = try consumer.drain(0, countMax: 600) {
                seen.append(String(decoding: $0.payload, as: UTF8.self))
                left -= 1
                return left > 0
            }
            #expect(count <= 600 && left >= 0)
            #expect((consumer.position(0) ?? 0) == Int64(seen.count))
            return seen.count == 3000
        }
        #expect(isComplete && seen == (0..<3000).map { "r\($0)" })
    }
}
