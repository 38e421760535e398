import Logging

/// Hands partitions' states from owner to owner through the states topic: `PartitionTerm` decides,
/// this performs.
///
/// On the consuming thread only. The owner's part: `open` before it begins with partitions, `copy`
/// every ten seconds or so, `resultsAreDurable` as they are, `serve` at each turn, `close` when it
/// gives partitions up.
public final class PartitionHandover {
    private let settings: KafkaSettings
    private let layout: String
    private let logger: Logger
    private let writer: StateCopyWriter
    private let drawIdentity: () -> UInt64
    /// The owner's thread waits no longer than this for the group to take an offset.
    private static let commitTimeout = Duration.seconds(5)
    private var terms: [Int32: PartitionTerm] = [:]
    /// Copies that were given up: the brokers away, or the partition another's.
    public private(set) var failureCount = 0

    /// `layout` names what this build's states look like; `drawIdentity` gives each copy a number
    /// of its own.
    public init(
        _ settings: KafkaSettings, layout: String, logger: Logger,
        drawIdentity: @escaping () -> UInt64
    ) throws(KafkaError) {
        self.settings = settings
        self.layout = layout
        self.logger = logger
        self.drawIdentity = drawIdentity
        writer = try StateCopyWriter(settings, logger: logger)
    }

    /// The states to begin with; absent for a partition that begins empty, at its log's oldest
    /// record. `commits` is what the group keeps (`KafkaConsumer.committed`). Waits for the
    /// brokers.
    ///
    /// When it throws, it is to be called again: who begins without knowing what there is leaves
    /// something out.
    public func open(
        _ partitions: [Int32], commits: [Int32: KafkaCommit], timeout: Duration = .seconds(30)
    ) throws(KafkaError) -> [Int32: CompleteState] {
        var starts: [Int32: Int64?] = [:]
        for partition in partitions {
            terms[partition] = PartitionTerm(layout: layout)
            note(terms[partition]?.assigned(commits[partition]), of: partition, in: &starts)
        }
        var states: [Int32: CompleteState] = [:]
        let reader = StateCopyReader(settings: settings, logger: logger)
        while !starts.isEmpty {
            try reader.read(starts, timeout: timeout) { partition, chunk in
                terms[partition]?.read(chunk)
            }
            let read = starts.keys.sorted()
            starts.removeAll()
            for partition in read {
                let steps = terms[partition]?.readEnded()
                note(steps, of: partition, in: &starts)
                if case .begin(let state)? = steps?.first { states[partition] = state }
            }
        }
        return states
    }

    /// Whether a copy of the partition's state may be begun now.
    public func isReadyToCopy(_ partition: Int32) -> Bool {
        terms[partition]?.isReadyToCopy ?? false
    }

    /// Begins a copy: `state` is of every record before `next`. It goes out once the results of
    /// those records are durable. Does nothing while another copy is being sent.
    public func copy(_ partition: Int32, state: [UInt8], next: Int64) {
        _ = terms[partition]?.copy(state, next: next, id: drawIdentity())
    }

    /// The results of every record before it have to be durable for the copy at hand to go out;
    /// `nil` when none waits for that.
    public func awaitedResults(_ partition: Int32) -> Int64? { terms[partition]?.awaitedResults }

    /// The results of every record before `next` are stored, and delivered where they are
    /// published.
    public func resultsAreDurable(_ partition: Int32, before next: Int64) {
        guard let step = terms[partition]?.resultsAreDurable(before: next).first,
            case .send(let chunks) = step
        else { return }
        if !writer.send(chunks, partition: partition) { giveUp(partition) }
    }

    /// Takes the deliveries that have come, and moves the group's offset for copies that are
    /// complete. Waits for the brokers only then, and no more once they have not answered.
    public func serve(_ consumer: KafkaConsumer) {
        var timeout = PartitionHandover.commitTimeout
        for report in writer.takeReports() {
            guard let offset = report.offset else {
                giveUp(report.partition)
                continue
            }
            let steps = terms[report.partition]?.delivered(
                copy: report.copy, part: report.part, at: offset)
            guard case .commit(let commit)? = steps?.first else { continue }
            do {
                try consumer.commit([report.partition: commit], timeout: timeout)
                terms[report.partition]?.commitEnded(isTaken: true)
            } catch {
                if case .timedOut = error { timeout = .zero }
                logger.warning("no commit of partition \(report.partition): \(error)")
                failureCount += 1
                terms[report.partition]?.commitEnded(isTaken: false)
            }
        }
    }

    /// Waits until the copies under way have been delivered, and commits them: for an orderly end.
    public func finish(_ consumer: KafkaConsumer, timeout: Duration = .seconds(5)) {
        if writer.flush(timeout: timeout) { serve(consumer) }
    }

    /// The partitions are no longer ours.
    public func close(_ partitions: [Int32]) {
        for partition in partitions { terms.removeValue(forKey: partition) }
    }

    /// Where the newest copy of each partition that this process has committed ends.
    public var committed: [Int32: Int64] { terms.compactMapValues(\.committed) }

    private func note(
        _ steps: [PartitionTerm.Step]?, of partition: Int32, in starts: inout [Int32: Int64?]
    ) {
        if case .readCopies(let from)? = steps?.first {
            starts.updateValue(from, forKey: partition)
        }
    }

    private func giveUp(_ partition: Int32) {
        failureCount += 1
        terms[partition]?.copyFailed()
    }
}
