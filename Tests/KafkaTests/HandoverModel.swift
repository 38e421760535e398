import Kafka
import TestSupport

/// What the model gets wrong on purpose, to show that the check would notice.
enum HandoverMutation: CaseIterable {
    case none
    /// A copy goes out before the results of the log before it are durable.
    case copiesBeforeResults
    /// The group's offset moves before the copy is whole.
    case commitsBeforePieces
    /// A new owner believes the group's offset and does not look for the copy.
    case beginsWithoutState
}

/// One partition with its log, its states topic, its group and its published results, and owners
/// that come, freeze, wake as zombies and die, all in an order that a seed decides.
///
/// The state is a hash of the log before a record, so that a result is wrong as soon as one record
/// is left out or taken twice.
struct HandoverModel {
    struct Violation: Error { let text: String }

    private struct Owner {
        var term: PartitionTerm
        var generation: Int
        /// Where it reads the states topic, and to where.
        var reading: (at: Int, end: Int)?
        var state: (hash: UInt64, next: Int)?
        /// On the way from two producers: each cannot overtake itself, but the other.
        var results: [Sending] = []
        var copies: [Sending] = []
        var delivered = 0
        var wanted: Int64?
        var isFrozen = false
        var isDead = false

        var isIdle: Bool { results.isEmpty && copies.isEmpty }
    }

    private enum Sending {
        case result(Int, UInt64)
        case piece(StateChunk)
        case commit(KafkaCommit)
    }

    let log: [UInt64]
    /// The state before each record, and after the last.
    let reference: [UInt64]
    private let mutation: HandoverMutation
    private let fencesCommits: Bool
    private var random: SeededRandom
    private var states: [StateChunk] = []
    private var statesLow = 0
    private var commit: KafkaCommit?
    private var generation = 0
    private var owners: [Owner] = []
    private(set) var results: [Int: UInt64] = [:]
    private(set) var zombieResults = 0
    private(set) var beginnings = 0

    init(seed: UInt64, mutation: HandoverMutation) {
        var random = SeededRandom(seed: seed)
        self.mutation = mutation
        fencesCommits = Bool.random(using: &random)
        log = (0..<40).map { _ in random.next() }
        self.random = random
        reference = log.reduce(into: [7]) { $0.append(HandoverModel.after($0[$0.count - 1], $1)) }
    }

    private static func after(_ hash: UInt64, _ record: UInt64) -> UInt64 {
        (hash ^ record) &* 0x9E37_79B9_7F4A_7C15 ^ (hash >> 31)
    }

    /// Runs to the end of the log, with the last owner undisturbed.
    mutating func run(turns: Int) throws {
        try arrive()
        for _ in 0..<turns { try turn() }
        for index in owners.indices { owners[index].isDead = true }
        while owners.contains(where: { !$0.isIdle }) { try deliverSomething() }
        try arrive()
        while results.count < log.count || owners.last?.state?.next != log.count {
            try step(owners.count - 1)
            try deliverSomething()
        }
        let expected = Dictionary(uniqueKeysWithValues: log.indices.map { ($0, reference[$0 + 1]) })
        guard results == expected else { throw Violation(text: "the results are not one owner's") }
    }

    // MARK: Turns

    private mutating func turn() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<2: try arrive()
        case 2: pick { $0.isFrozen = true }
        case 3..<5: pick { $0.isFrozen = false }
        case 5: pick { $0.isDead = true }
        case 6:
            statesLow += Int.random(in: 0...max(0, states.count - statesLow), using: &random) / 4
        case 7..<12: tellEnd()
        case 12..<60:
            if let index = owners.indices.randomElement(using: &random) { try step(index) }
        default: try deliverSomething()
        }
    }

    private mutating func pick(_ change: (inout Owner) -> Void) {
        guard let index = owners.indices.randomElement(using: &random) else { return }
        change(&owners[index])
    }

    /// The group gives the partition to a new owner. The one before does not know yet.
    private mutating func arrive() throws {
        generation += 1
        // A build of another layout now and then: it cannot read the others' copies.
        let layout = Int.random(in: 0..<8, using: &random) == 0 ? "b" : "a"
        var owner = Owner(
            term: PartitionTerm(layout: layout, pieceBytesMax: 3), generation: generation)
        let steps = owner.term.assigned(commit)
        owners.append(owner)
        try perform(steps, owners.count - 1)
    }

    /// An owner of an earlier generation learns at last that it is none.
    private mutating func tellEnd() {
        guard let index = owners.indices.randomElement(using: &random),
            owners[index].generation < generation, !owners[index].isFrozen
        else { return }
        owners[index].term.ended()
        owners[index].isDead = true
    }

    /// An owner does the next thing there is to do.
    private mutating func step(_ index: Int) throws {
        guard !owners[index].isFrozen, !owners[index].isDead else { return }
        if let reading = owners[index].reading {
            let at = max(reading.at, statesLow)
            if at < reading.end {
                owners[index].term.read(states[at])
                owners[index].reading?.at = at + 1
            } else {
                owners[index].reading = nil
                try perform(owners[index].term.readEnded(), index)
            }
        } else if Int.random(in: 0..<6, using: &random) == 0, let state = owners[index].state {
            let bytes = withUnsafeBytes(of: state.hash.littleEndian) { Array($0) }
            try perform(
                owners[index].term.copy(bytes, next: Int64(state.next), id: random.next()), index)
        } else if let state = owners[index].state, state.next < log.count {
            let hash = HandoverModel.after(state.hash, log[state.next])
            owners[index].results.append(.result(state.next, hash))
            owners[index].state = (hash, state.next + 1)
        }
    }

    private mutating func perform(_ steps: [PartitionTerm.Step], _ index: Int) throws {
        for step in steps {
            switch step {
            case .readCopies(let from):
                owners[index].reading = (Int(from ?? 0), states.count)
            case .begin(let state): try begin(state, index)
            case .makeResultsDurable(let next):
                owners[index].wanted = next
                try noteDurable(index)
            case .send(let chunks):
                owners[index].copies += chunks.map { .piece($0) }
                guard mutation == .commitsBeforePieces else { continue }
                for chunk in chunks {
                    try perform(
                        owners[index].term.delivered(
                            copy: chunk.copy, part: chunk.part, at: Int64(states.count)), index)
                }
            case .commit(let commit):
                // A commit goes another way than pieces, but pieces were delivered before it.
                owners[index].copies.insert(.commit(commit), at: 0)
            }
        }
    }

    private mutating func begin(_ state: CompleteState?, _ index: Int) throws {
        beginnings += 1
        var next = Int(state?.next ?? 0)
        var hash = reference[0]
        if let state {
            hash = state.bytes.enumerated().reduce(0) { $0 | UInt64($1.1) << UInt64(8 * $1.0) }
        } else if mutation == .beginsWithoutState {
            next = Int(commit?.offset ?? 0)
        }
        guard hash == reference[next] else {
            throw Violation(text: "an owner begins at \(next) with another state")
        }
        guard (0..<next).allSatisfy({ results[$0] != nil }) else {
            throw Violation(text: "an owner begins at \(next), but results before it are missing")
        }
        owners[index].state = (hash, next)
        owners[index].delivered = next
    }

    // MARK: Deliveries

    private mutating func deliverSomething() throws {
        let busy = owners.indices.filter { !owners[$0].isIdle }
        guard let index = busy.randomElement(using: &random) else { return }
        let takesCopies =
            owners[index].results.isEmpty
            || (!owners[index].copies.isEmpty && Bool.random(using: &random))
        let queue: WritableKeyPath<Owner, [Sending]> = takesCopies ? \.copies : \.results
        let sending = owners[index][keyPath: queue].removeFirst()
        let isGone = owners[index].isDead
        // What a dead process had handed to its socket arrives, or it does not.
        if isGone, Bool.random(using: &random) {
            owners[index][keyPath: queue].removeAll()
            return
        }
        switch sending {
        case .result(let record, let hash):
            if let known = results[record], known != hash {
                throw Violation(text: "two results for record \(record)")
            }
            if owners[index].generation < generation { zombieResults += 1 }
            results[record] = hash
            owners[index].delivered = max(owners[index].delivered, record + 1)
            if !isGone { try noteDurable(index) }
        case .piece(let chunk):
            let offset = states.count
            states.append(chunk)
            guard !isGone else { return }
            if Int.random(in: 0..<30, using: &random) == 0 {
                owners[index].term.copyFailed()  // Arrived, but the answer was lost.
            } else {
                try perform(
                    owners[index].term.delivered(
                        copy: chunk.copy, part: chunk.part, at: Int64(offset)), index)
            }
        case .commit(let offered): try take(offered, index)
        }
    }

    private mutating func noteDurable(_ index: Int) throws {
        guard let wanted = owners[index].wanted else { return }
        guard
            mutation == .copiesBeforeResults || Int64(owners[index].delivered) >= wanted
        else { return }
        owners[index].wanted = nil
        try perform(owners[index].term.resultsAreDurable(before: wanted), index)
    }

    private mutating func take(_ offered: KafkaCommit, _ index: Int) throws {
        let isTaken = !fencesCommits || owners[index].generation == generation
        if !owners[index].isDead { owners[index].term.commitEnded(isTaken: isTaken) }
        guard isTaken else { return }
        commit = offered
        var whole: Set<Int> = []
        var parts = -1
        for chunk in states
        where chunk.next == offered.offset
            && offered.note.contains(
                String(chunk.copy, radix: 16))
        {
            whole.insert(chunk.part)
            parts = chunk.parts
        }
        guard whole.count == parts else {
            throw Violation(text: "the group points at a copy that is not whole")
        }
    }
}
