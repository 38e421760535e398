import Foundation
import GRDB
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct `A store of a log in partitions` {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// `count` trades of a partition's own ticker, each a record.
    private func batch(_ partition: Int32, first: Int, count: Int, producer: UInt64 = 7)
        -> EffectBatch
    {
        let symbol: Symbol = partition == 0 ? "AAPL" : "MSFT"
        var batch = EffectBatch.trades(
            (first..<first + count).map { number in
                .make(
                    .make(
                        symbol, at: "10", size: 1, second: Double(number) / 1000,
                        sequence: Int64(number)),
                    at: LogPosition(epoch: partition, offset: Int64(number)))
            })
        batch.partition = partition
        batch.through = LogPosition(epoch: partition, offset: Int64(first + count))
        batch.newestRecord = RecordMark(
            offset: Int64(first + count - 1), hash: .max - UInt64(first), producer: producer,
            sequence: Int64(first + count - 1), receivedAt: TestMorning.open,
            producers: [
                ProducerMark(id: producer, sequence: Int64(first + count - 1)),
                ProducerMark(id: .max, sequence: 3),
            ])
        var counts = SourceCounts()
        counts.received = Int64(first + count)
        counts.applied = counts.received
        batch.counts = [(source: .massive, counts: counts)]
        batch.ignored = [(type: "status", count: Int64(first + count))]
        return batch
    }

    private func number(_ query: String) throws -> Int? {
        try DatabaseQueue(path: StorePaths(root: directory.path).database).read { db in
            try Int.fetchOne(db, sql: query)
        }
    }

    @Test func `knows for each partition how far it has come, and its newest record`() throws {
        let store = try Store.open(directory)
        try store.writer.perform(batch(0, first: 0, count: 10))
        try store.writer.perform(batch(5, first: 100, count: 20))
        try store.writer.perform(batch(0, first: 10, count: 5))
        try store.writer.flush()
        let marks = store.writer.status.mark.partitions
        #expect(marks[0]?.position == LogPosition(epoch: 0, offset: 15))
        #expect(marks[5]?.position == LogPosition(epoch: 5, offset: 120))
        try store.close()
        let reopened = try Store.open(directory)
        #expect(reopened.openedAt.partitions == marks)
        #expect(marks[5]?.newestRecord == batch(5, first: 100, count: 20).newestRecord)
        try reopened.close()
    }

    @Test func `leaves out what a partition has already, whatever the others have`() throws {
        var store = try Store.open(directory)
        try store.writer.perform(batch(0, first: 0, count: 10))
        try store.writer.perform(batch(1, first: 0, count: 500))
        try store.close()
        store = try Store.open(directory)
        // The same again, and overlapping; partition 0 is far behind partition 1.
        try store.writer.perform(batch(1, first: 0, count: 500))
        try store.writer.perform(batch(0, first: 5, count: 10))
        try store.writer.flush()
        #expect(store.writer.status.mark.partitions[1]?.position.offset == 500)
        #expect(store.writer.status.mark.partitions[0]?.position.offset == 15)
        try store.close()
        #expect(try number("SELECT count(*) FROM trades") == 515)
    }

    @Test func `adds the partitions' counts up for its readers`() throws {
        var store = try Store.open(directory)
        try store.writer.perform(batch(0, first: 0, count: 10))
        try store.writer.perform(batch(1, first: 0, count: 30))
        try store.close()
        #expect(try number("SELECT received FROM source_counts WHERE source = 2") == 40)
        store = try Store.open(directory)
        try store.writer.perform(batch(1, first: 30, count: 2))
        try store.close()
        #expect(try number("SELECT received FROM source_counts WHERE source = 2") == 42)
        #expect(try number("SELECT count FROM ignored_types WHERE type = 'status'") == 42)
        #expect(try number("SELECT received FROM partition_counts WHERE partition = 1") == 32)
    }
}

@Suite struct `The mark of what has been delivered` {
    @Test func `is read as it was written, and by one process at a time`() throws {
        let directory = try TemporaryDirectory()
        var file: DeliveryMarkFile? = try DeliveryMarkFile(directory.path)
        #expect(try file?.read() == nil)
        var mark = DeliveryMark(
            log: "feed demo", position: LogPosition(epoch: 2, offset: 77), producer: .max,
            sequences: [1, 2, 3])
        mark.lives.append(DeliveryMark.Life(from: LogPosition(epoch: 2, offset: 99), producer: 5))
        try file?.write(mark)
        #expect(try file?.read() == mark)
        #expect(throws: StorageError.self) { _ = try DeliveryMarkFile(directory.path) }
        file = nil
        #expect(try DeliveryMarkFile(directory.path).read() == mark)
    }

    @Test func `is an error when it is damaged`() throws {
        let directory = try TemporaryDirectory()
        try Data("{".utf8).write(to: URL(filePath: directory.path + "/delivered.json"))
        let file = try DeliveryMarkFile(directory.path)
        #expect(throws: StorageError.self) { _ = try file.read() }
    }
}
