import MarketModel

/// Follows every producer's own count in one partition, so that a repeat is left out and a loss is
/// seen, also when several producers write to it.
public struct ProducerCounts: Equatable, Sendable {
    public enum Finding: Equatable, Sendable {
        case inOrder
        /// Its producer's count has been here before: the record is in the log already.
        case repeated
        /// So many of its producer's records before it never came.
        case gap(missing: Int64)
    }

    /// Producers that have been silent for longest are forgotten beyond this many.
    public static let producersMax = 32

    /// The one heard last comes first.
    public private(set) var marks: [ProducerMark]

    public init(_ marks: [ProducerMark] = []) { self.marks = marks }

    /// Takes a record's count. What is repeated changes nothing.
    public mutating func see(producer: UInt64, sequence: Int64) -> Finding {
        guard let index = marks.firstIndex(where: { $0.id == producer }) else {
            marks.insert(ProducerMark(id: producer, sequence: sequence), at: 0)
            if marks.count > ProducerCounts.producersMax { marks.removeLast() }
            // The partition may have been begun in the middle of a producer's life.
            return .inOrder
        }
        let before = marks[index].sequence
        guard sequence > before else { return .repeated }
        if index > 0 { marks.insert(marks.remove(at: index), at: 0) }
        marks[0].sequence = sequence
        return sequence == before + 1 ? .inOrder : .gap(missing: sequence - before - 1)
    }
}
