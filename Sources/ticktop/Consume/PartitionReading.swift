import Engine
import Feeds
import Kafka
import MarketModel

/// One partition of the log as it is read: what is a record, what was there before, what is
/// missing.
struct PartitionReading {
    let partition: Int32
    var state = KafkaPartitionStatus.State.checking
    /// The next record's offset.
    private(set) var offset: Int64
    /// Of the newest record read.
    var newest: RecordMark? {
        var mark = last
        mark?.producers = counts.marks
        return mark
    }
    /// The same without the producers' counts, which would be copied at every record.
    private var last: RecordMark?
    private(set) var repeats: Int64 = 0
    private(set) var missing: Int64 = 0
    private(set) var foreign: Int64 = 0
    /// Records that must be in the log as they were, oldest first.
    private var known: [RecordMark]
    /// Records before it are in the state already: they are read only to be compared.
    private let applyFrom: Int64
    private var counts: ProducerCounts

    init(
        _ partition: Int32, applyFrom: Int64, newest: RecordMark?, known: [RecordMark]
    ) {
        self.partition = partition
        self.applyFrom = applyFrom
        last = newest
        self.known = known.sorted { $0.offset < $1.offset }
        counts = ProducerCounts(newest?.producers ?? [])
        offset = min(applyFrom, self.known.first?.offset ?? applyFrom)
        if known.isEmpty { state = .reading }
    }

    /// What of a message matters for the engine.
    enum Step {
        /// Read before, or come before: nothing to apply.
        case passed
        case record(KafkaRecordHead)
        case foreign(KafkaRecordError)
        /// Another record than the one that was there: nothing behind it may be read.
        case replaced
    }

    mutating func take(_ message: borrowing KafkaMessage) -> Step {
        let place = message.offset
        let head = PartitionReading.head(of: message)
        let mark = PartitionReading.mark(of: message, head)
        if let expected = known.first, place >= expected.offset {
            guard place == expected.offset, mark.isSame(as: expected) else { return .replaced }
            known.removeFirst()
            if known.isEmpty { state = .reading }
        }
        offset = place + 1
        guard place >= applyFrom else { return .passed }
        defer { last = mark }
        switch head {
        case .success(let head):
            switch counts.see(producer: head.producer, sequence: head.sequence) {
            case .inOrder: break
            case .repeated:
                repeats += 1
                return .passed
            case .gap(let count): missing += count
            }
            return .record(head)
        case .failure(let error):
            foreign += 1
            return .foreign(error)
        }
    }

    /// Offsets jumped: so many records are not in the log.
    mutating func noteJump(_ count: Int64) { missing += count }

    mutating func stop(_ reason: String, remedy: String) {
        state = .stopped(reason: reason, remedy: remedy)
    }

    var isStopped: Bool { if case .stopped = state { true } else { false } }

    /// What a record is known by when it is read again.
    static func mark(of message: borrowing KafkaMessage) -> RecordMark {
        mark(of: message, head(of: message))
    }

    /// Headers are read once a message.
    private static func head(of message: borrowing KafkaMessage)
        -> Result<KafkaRecordHead, KafkaRecordError>
    {
        do throws(KafkaRecordError) {
            return .success(try message.recordHead())
        } catch {
            return .failure(error)
        }
    }

    private static func mark(
        of message: borrowing KafkaMessage, _ head: Result<KafkaRecordHead, KafkaRecordError>
    ) -> RecordMark {
        let hash = message.payloadHash()
        switch head {
        case .success(let head):
            return RecordMark(
                offset: message.offset, hash: hash, producer: head.producer,
                sequence: head.sequence, receivedAt: head.receivedAt)
        case .failure:
            // No record of ours: its bytes are all there is to know it by.
            return RecordMark(
                offset: message.offset, hash: hash, producer: 0, sequence: -1,
                receivedAt: message.stampedAt ?? .distantPast)
        }
    }
}

extension RecordMark {
    /// The same record, whatever is known of the producers.
    func isSame(as other: RecordMark) -> Bool {
        offset == other.offset && hash == other.hash && producer == other.producer
            && sequence == other.sequence && receivedAt == other.receivedAt
    }

    /// As `LogContinuity` wants it.
    var fingerprint: RecordFingerprint {
        RecordFingerprint(
            hash: hash, producer: producer, sequence: sequence, receivedAt: receivedAt)
    }
}

extension LogContinuity {
    /// What a person can do.
    var remedy: String {
        switch self {
        case .continuous: ""
        case .expired:
            "give another --store to count what is left of the topic anew, and the topic a longer "
                + "retention"
        case .truncated, .replaced, .recreated:
            "bring the topic's records back, or give another --store to count it anew"
        }
    }
}
