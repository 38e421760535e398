import Foundation
import MarketModel

/// How far a log has been delivered elsewhere, kept on disk: what comes behind it is sent again
/// after a crash, under the numbers that it had.
public struct DeliveryMark: Codable, Equatable, Sendable {
    /// A producer whose count begins at a place of the log.
    public struct Life: Codable, Equatable, Sendable {
        public var epoch: Int32
        public var offset: Int64
        public var producer: UInt64

        public init(from position: LogPosition, producer: UInt64) {
            epoch = position.epoch
            offset = position.offset
            self.producer = producer
        }

        public var position: LogPosition { LogPosition(epoch: epoch, offset: offset) }
    }

    /// Names the log, so that two logs never share a mark.
    public var log: String
    public var epoch: Int32
    public var offset: Int64
    /// Who sent the record at the position, and the next of its numbers in each partition.
    public var producer: UInt64
    public var sequences: [Int64]
    /// Producers that take over further on, in log order.
    public var lives: [Life]

    public init(
        log: String, position: LogPosition, producer: UInt64, sequences: [Int64],
        lives: [Life] = []
    ) {
        self.log = log
        epoch = position.epoch
        offset = position.offset
        self.producer = producer
        self.sequences = sequences
        self.lives = lives
    }

    /// Everything before it has been delivered.
    public var position: LogPosition {
        get { LogPosition(epoch: epoch, offset: offset) }
        set {
            epoch = newValue.epoch
            offset = newValue.offset
        }
    }
}

/// The file that holds a delivery mark, and the right to write it. One thread uses it.
public final class DeliveryMarkFile {
    private static let name = "delivered.json"
    private static let temporaryName = "delivered.tmp"

    private let directory: Directory
    private let lock: StoreLock

    /// Throws `held(by:path:)` when another process has it.
    public init(_ path: String) throws(StorageError) {
        directory = try Directory(creating: path)
        lock = try StoreLock(directory.file("delivery.lock"))
    }

    /// `nil` when nothing was ever delivered. Throws `malformedRow` for what is no mark.
    public func read() throws(StorageError) -> DeliveryMark? {
        let path = directory.file(DeliveryMarkFile.name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(
                DeliveryMark.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .malformedRow(table: path, column: "the mark")
        }
    }

    /// Durable when it returns.
    public func write(_ mark: DeliveryMark) throws(StorageError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let bytes = try? encoder.encode(mark) else {
            preconditionFailure("a mark is made of integers and a text, which always encode")
        }
        try directory.remove(DeliveryMarkFile.temporaryName)
        let file = try OpenFile(
            directory.file(DeliveryMarkFile.temporaryName), flags: O_WRONLY | O_CREAT | O_EXCL)
        try file.writeAll(Array(bytes))
        try file.sync()
        try directory.rename(DeliveryMarkFile.temporaryName, to: DeliveryMarkFile.name)
        try directory.sync()
    }
}
