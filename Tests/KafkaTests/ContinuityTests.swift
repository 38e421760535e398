import Kafka
import MarketModel
import TestSupport
import Testing

@Suite struct `The continuity of a log` {
    private func record(_ hash: UInt64, second: Int64 = 0) -> RecordFingerprint {
        RecordFingerprint(
            hash: hash, producer: 1, sequence: 9,
            receivedAt: TestMorning.open.advanced(byNanoseconds: second * 1_000_000_000))
    }

    private func judge(
        next: Int64, last: RecordFingerprint?, low: Int64 = 0, high: Int64,
        previous: RecordFingerprint? = nil, first: RecordFingerprint? = nil
    ) -> LogContinuity {
        .judge(
            StoredLogPosition(next: next, last: last), extent: LogExtent(low: low, high: high),
            previous: previous, first: first)
    }

    @Test func `holds where the record before the position is the stored one`() {
        #expect(judge(next: 10, last: record(7), high: 10, previous: record(7)) == .continuous)
        #expect(judge(next: 10, last: record(7), high: 99, previous: record(7)) == .continuous)
    }

    @Test func `holds where nothing was consumed, or only what has expired`() {
        #expect(judge(next: 0, last: nil, high: 0) == .continuous)
        #expect(judge(next: 0, last: nil, high: 50) == .continuous)
        #expect(judge(next: 10, last: record(7), low: 10, high: 50) == .continuous)
    }

    @Test func `is broken where records expired unread`() {
        #expect(judge(next: 10, last: record(7), low: 15, high: 50) == .expired(missing: 5))
        #expect(judge(next: 0, last: nil, low: 3, high: 50) == .expired(missing: 3))
    }

    @Test func `is broken where the log ends before the position`() {
        let finding = judge(next: 10, last: record(7, second: 5), high: 8, first: record(1))
        #expect(finding == .truncated(by: 2))
    }

    @Test func `is broken where another record stands before the position`() {
        let finding = judge(
            next: 10, last: record(7, second: 5), high: 20, previous: record(8, second: 6),
            first: record(1))
        #expect(finding == .replaced)
    }

    @Test func `is another log's where everything is newer than what was consumed, or gone`() {
        let later = record(2, second: 60)
        #expect(judge(next: 10, last: record(7), high: 0) == .recreated)
        #expect(judge(next: 10, last: record(7), high: 4, first: later) == .recreated)
        #expect(
            judge(next: 10, last: record(7), high: 40, previous: later, first: later) == .recreated)
    }
}
