/// One process's term as the owner of a partition, from assignment to release: what it has to do,
/// and in which order, so that a partition may have two owners at a time and its results are still
/// one owner's.
///
/// A state is a pure function of the log before it, so two owners write the same results under the
/// same ids, and a repeat is recognised. What remains to be kept is that nothing is left out. A
/// copy of a state is therefore written only once every result of the log before it is durable, and
/// the group's offset is moved only once every piece of the copy is. So any complete copy in the
/// states topic is one that a new owner may begin with, whoever wrote it, and one that a frozen
/// owner writes late only costs a longer replay.
///
/// Decides only: the caller performs the steps, in order, and reports what came of them. A report
/// that belongs to no step under way is ignored.
public struct PartitionTerm: Sendable {
    public enum Step: Equatable, Sendable {
        /// Read the partition of the states topic from this offset (`nil`: the oldest) to where it
        /// ends now, hand each piece to `read`, then call `readEnded`.
        case readCopies(from: Int64?)
        /// Consume from `next` of the log on with that state; `nil`: with an empty one, from the
        /// oldest record.
        case begin(CompleteState?)
        /// Wait until the results of every record before it are stored or delivered, then call
        /// `resultsAreDurable`.
        case makeResultsDurable(before: Int64)
        /// Send the pieces, and report each one's delivery.
        case send([StateChunk])
        /// Move the group's offset, and report what came of it.
        case commit(KafkaCommit)
    }

    private enum Phase: Sendable {
        case waiting
        case loading(StateAssembly, isFromOldest: Bool)
        case owning
        case copying(Copying)
        case ended
    }

    private struct Copying: Sendable {
        var chunks: [StateChunk]
        var delivered: Set<Int> = []
        /// Of the piece that lies first in the states topic.
        var firstOffset: Int64?
        var stage = Stage.results

        enum Stage { case results, pieces, commit }
    }

    public let layout: String
    private let pieceBytesMax: Int
    private var phase = Phase.waiting
    /// Where the newest copy that this term has committed ends; `nil` before.
    public private(set) var committed: Int64?

    public init(layout: String, pieceBytesMax: Int = StateChunk.bytesMax) {
        self.layout = layout
        self.pieceBytesMax = pieceBytesMax
    }

    /// Whether a copy may be begun.
    public var isReadyToCopy: Bool { if case .owning = phase { true } else { false } }

    /// The copy at hand goes out once the results of every record before it are durable; `nil` when
    /// none waits for that.
    public var awaitedResults: Int64? {
        guard case .copying(let copying) = phase, copying.stage == .results else { return nil }
        return copying.chunks[0].next
    }

    // MARK: Beginning

    /// The partition is ours. `commit` is what the group keeps for it.
    public mutating func assigned(_ commit: KafkaCommit?) -> [Step] {
        guard case .waiting = phase else { return [] }
        let first = commit.flatMap { StateNote($0.note)?.firstOffset }
        phase = .loading(StateAssembly(layout: layout), isFromOldest: first == nil)
        return [.readCopies(from: first)]
    }

    public mutating func read(_ chunk: StateChunk) {
        guard case .loading(var assembly, let isFromOldest) = phase else { return }
        phase = .waiting  // So that the assembly is not copied.
        assembly.take(chunk)
        phase = .loading(assembly, isFromOldest: isFromOldest)
    }

    /// The end of the states topic, as it was when reading began, has been reached.
    public mutating func readEnded() -> [Step] {
        guard case .loading(let assembly, let isFromOldest) = phase else { return [] }
        if assembly.best == nil, !isFromOldest {
            // What the group points at is gone or of another build; an older copy will do.
            phase = .loading(StateAssembly(layout: layout), isFromOldest: true)
            return [.readCopies(from: nil)]
        }
        phase = .owning
        return [.begin(assembly.best)]
    }

    // MARK: Copying

    /// Begins a copy of the state before `next`, unless one is being sent; one that still waits for
    /// its results gives way. `id` at random.
    public mutating func copy(_ state: [UInt8], next: Int64, id: UInt64) -> [Step] {
        switch phase {
        case .owning: break
        case .copying(let earlier) where earlier.stage == .results: break
        case .copying, .waiting, .loading, .ended: return []
        }
        guard next > (committed ?? -1) else { return [] }
        let chunks = StateChunk.cut(
            state, copy: id, next: next, layout: layout, bytesMax: pieceBytesMax)
        phase = .copying(Copying(chunks: chunks))
        return [.makeResultsDurable(before: next)]
    }

    public mutating func resultsAreDurable(before next: Int64) -> [Step] {
        guard case .copying(var copying) = phase, copying.stage == .results,
            next >= copying.chunks[0].next
        else { return [] }
        copying.stage = .pieces
        phase = .copying(copying)
        return [.send(copying.chunks)]
    }

    /// A piece is in the states topic at that offset.
    public mutating func delivered(copy: UInt64, part: Int, at offset: Int64) -> [Step] {
        guard case .copying(var copying) = phase, copying.stage == .pieces,
            copying.chunks[0].copy == copy
        else { return [] }
        copying.delivered.insert(part)
        copying.firstOffset = min(copying.firstOffset ?? offset, offset)
        guard copying.delivered.count == copying.chunks.count, let first = copying.firstOffset
        else {
            phase = .copying(copying)
            return []
        }
        copying.stage = .commit
        phase = .copying(copying)
        let note = StateNote(copy: copy, firstOffset: first)
        return [.commit(KafkaCommit(offset: copying.chunks[0].next, note: note.text))]
    }

    /// A piece could not be delivered, or the state could not be made durable: the copy is given
    /// up, and the next one is tried in its time.
    public mutating func copyFailed() {
        if case .copying = phase { phase = .owning }
    }

    /// What came of the commit. One that is refused means that the partition is another's; the
    /// group will say so.
    public mutating func commitEnded(isTaken: Bool) {
        guard case .copying(let copying) = phase, copying.stage == .commit else { return }
        if isTaken { committed = copying.chunks[0].next }
        phase = .owning
    }

    // MARK: End

    /// The partition is no longer ours. What is under way goes on without us and does no harm.
    public mutating func ended() { phase = .ended }
}

/// What goes with the group's offset: which copy it points at, and where that copy begins.
struct StateNote: Equatable {
    var copy: UInt64
    /// In the partition of the states topic.
    var firstOffset: Int64

    private static let version = "1"

    init(copy: UInt64, firstOffset: Int64) {
        self.copy = copy
        self.firstOffset = firstOffset
    }

    /// `nil` for a note of another version, or none of ours.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, parts[0] == StateNote.version,
            let copy = UInt64(parts[1], radix: 16), let first = Int64(parts[2]), first >= 0
        else { return nil }
        self.init(copy: copy, firstOffset: first)
    }

    var text: String { "\(StateNote.version) \(String(copy, radix: 16)) \(firstOffset)" }
}
