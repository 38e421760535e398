import Logging
import Synchronization

/// Sends the pieces of copies, and keeps what became of them until it is asked.
final class StateCopyWriter: Sendable {
    /// What became of one piece.
    struct Report {
        var partition: Int32
        var copy: UInt64
        var part: Int
        /// `nil` when it was not delivered.
        var offset: Int64?
    }

    private struct Book {
        /// The copies under way by the upper half of their tokens.
        var copies: [UInt: (partition: Int32, copy: UInt64)] = [:]
        var next: UInt = 0
        var reports: [Report] = []
    }

    private static let partBits: UInt = 20
    private let book: BookKeeper
    private let producer: KafkaProducer
    private let topic: String

    /// Shared with the producer's thread.
    private final class BookKeeper: Sendable { let pages = Mutex(Book()) }

    init(_ settings: KafkaSettings, logger: Logger) throws(KafkaError) {
        topic = settings.topics.states
        let book = BookKeeper()
        self.book = book
        producer = try KafkaProducer(settings, logger: logger) { delivery in
            let token = delivery.token
            let offset = delivery.failure == nil ? delivery.offset : nil
            book.pages.withLock { pages in
                guard let known = pages.copies[token >> StateCopyWriter.partBits] else { return }
                let part = Int(token & (1 << StateCopyWriter.partBits - 1))
                pages.reports.append(
                    Report(
                        partition: known.partition, copy: known.copy, part: part, offset: offset))
            }
        }
    }

    var figures: KafkaProducerFigures { producer.figures }

    /// False when the queue has no room for them: the copy is to be given up.
    func send(_ chunks: [StateChunk], partition: Int32) -> Bool {
        guard let first = chunks.first else { return true }
        let number = book.pages.withLock { pages in
            pages.copies = pages.copies.filter { $0.value.partition != partition }
            pages.next += 1
            pages.copies[pages.next] = (partition, first.copy)
            return pages.next
        }
        var headers = KafkaHeaders()
        var key = "\(partition)"
        for chunk in chunks {
            chunk.write(to: &headers)
            let token = number << StateCopyWriter.partBits | UInt(chunk.part)
            let sending = key.withUTF8 { key in
                chunk.bytes.withUnsafeBytes { payload in
                    producer.send(
                        topic: topic, partition: partition, key: UnsafeRawBufferPointer(key),
                        payload: payload, headers: headers, token: token)
                }
            }
            guard sending == .taken else { return false }
        }
        return true
    }

    /// What has been reported since the last call.
    func takeReports() -> [Report] {
        book.pages.withLock { pages in
            defer { pages.reports.removeAll() }
            return pages.reports
        }
    }

    @discardableResult
    func flush(timeout: Duration) -> Bool { producer.flush(timeout: timeout) }
}
