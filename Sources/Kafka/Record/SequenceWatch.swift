/// Follows the ingesting processes' own counts in one partition: a jump is a loss between feed and
/// log, a repeat was sent twice.
public struct SequenceWatch: Equatable, Sendable {
    public enum Finding: Equatable, Sendable {
        case inOrder
        /// A life of an ingesting process that was not seen before: its count begins.
        case newProducer
        case gap(missing: Int64)
        case repeated
    }

    /// Lives that are remembered at a time; the one silent for longest is forgotten.
    static let producersMax = 16
    /// The latest last.
    private var seen: [(producer: UInt64, sequence: Int64)] = []

    public init() {}

    /// Goes on after a stored record.
    public init(after fingerprint: RecordFingerprint) {
        guard fingerprint.sequence >= 0 else { return }
        seen = [(fingerprint.producer, fingerprint.sequence)]
    }

    public mutating func see(_ head: KafkaRecordHead) -> Finding {
        guard let index = seen.lastIndex(where: { $0.producer == head.producer }) else {
            let isFirst = seen.isEmpty
            if seen.count == SequenceWatch.producersMax { seen.removeFirst() }
            seen.append((head.producer, head.sequence))
            return isFirst ? .inOrder : .newProducer
        }
        let last = seen[index].sequence
        guard head.sequence > last else { return .repeated }
        seen[index].sequence = head.sequence
        if index != seen.count - 1 { seen.append(seen.remove(at: index)) }
        return head.sequence == last + 1 ? .inOrder : .gap(missing: head.sequence - last - 1)
    }

    public static func == (left: SequenceWatch, right: SequenceWatch) -> Bool {
        left.seen.elementsEqual(right.seen) { $0 == $1 }
    }
}
