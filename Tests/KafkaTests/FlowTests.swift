import Kafka
import MarketModel
import Testing

@Suite struct `Back-pressure` {
    /// Commits and questions by millisecond; what was answered.
    private struct Script {
        var pressure = BackPressure(
            commitMax: .milliseconds(100), queueShareMax: 0.5, restMin: .milliseconds(500))

        mutating func commit(_ milliseconds: Int64, at time: Int64) {
            pressure.note(commit: .milliseconds(milliseconds), at: time * 1_000_000)
        }

        mutating func rests(queue share: Double, at time: Int64) -> Bool {
            pressure.decide(queueShare: share, now: time * 1_000_000)
        }
    }

    @Test func `begins when a commit takes too long, and lasts half a second`() {
        var script = Script()
        script.commit(20, at: 0)
        var answers = [script.rests(queue: 0.1, at: 0)]
        script.commit(120, at: 0)
        // What was slow before the rest is not held against the time after it.
        answers += [1, 500, 501, 502].map { script.rests(queue: 0.1, at: $0) }
        #expect(answers == [false, true, true, false, false])
        #expect(script.pressure.count == 1)
        #expect(script.pressure.rested(now: 900_000_000) == .milliseconds(500))
    }

    @Test func `holds until the queue is below its mark`() {
        var script = Script()
        let answers = [(0.5, 0), (0.6, 2000), (0.4, 2001)].map {
            script.rests(queue: $0.0, at: $0.1)
        }
        #expect(answers == [true, true, false])
        #expect(script.pressure.rested(now: 5_000_000_000) == .milliseconds(2001))
    }

    @Test func `is not begun by one slow commit in a hundred and more quick ones`() {
        var script = Script()
        for index in 0..<250 { script.commit(index == 7 ? 300 : 5, at: Int64(index)) }
        var answers = [script.rests(queue: 0, at: 300)]
        for time in 301...303 { script.commit(300, at: Int64(time)) }
        answers.append(script.rests(queue: 0, at: 304))
        #expect(answers == [false, true])
    }
}

@Suite struct `The ledger of deliveries` {
    private func fence(_ offset: Int64, _ sent: [Int64]) -> DeliveryLedger.Fence {
        DeliveryLedger.Fence(
            position: LogPosition(epoch: 1, offset: offset), sent: sent, producer: 7,
            sequences: sent)
    }

    @Test func `passes a fence once every partition has delivered as much`() {
        var ledger = DeliveryLedger()
        ledger.set(fence(10, [1, 2]))
        ledger.set(fence(20, [3, 2]))
        ledger.set(fence(30, [3, 5]))
        let passed = [[3, 1], [3, 2], [3, 4], [9, 9], [9, 9]].map { ledger.passed(delivered: $0) }
        #expect(passed == [nil, fence(20, [3, 2]), nil, fence(30, [3, 5]), nil])
    }
}

@Suite struct `Producers' own counts` {
    @Test func `tell a repeat and a loss, each producer for itself`() {
        var counts = ProducerCounts()
        let records: [(UInt64, Int64)] = [(1, 4), (1, 5), (2, 0), (1, 5), (1, 6), (2, 3), (2, 1)]
        let found = records.map { counts.see(producer: $0.0, sequence: $0.1) }
        #expect(
            found == [
                .inOrder, .inOrder, .inOrder, .repeated, .inOrder, .gap(missing: 2), .repeated,
            ])
        #expect(
            counts.marks == [
                ProducerMark(id: 2, sequence: 3), ProducerMark(id: 1, sequence: 6),
            ])
    }

    @Test func `forget who was silent for longest`() {
        var counts = ProducerCounts()
        for id in 0..<UInt64(ProducerCounts.producersMax + 1) {
            _ = counts.see(producer: id, sequence: 0)
        }
        #expect(counts.marks.count == ProducerCounts.producersMax)
        #expect(!counts.marks.contains { $0.id == 0 })
    }
}
