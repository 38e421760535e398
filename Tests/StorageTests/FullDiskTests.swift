import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func `with store and journal on a full disk, all waits, and nothing is lost`() throws {
        let disk = try SmallDisk(bytes: 6 << 20)
        let ballast = URL(filePath: disk.path + "/ballast")
        try Data(count: 3 << 20).write(to: ballast)
        let reported = Reported()
        var settings = WriterSettings()
        settings.retryMillisecondsMin = 5
        settings.retryMillisecondsMax = 20
        settings.checkpointFrames = 64
        let paths = StorePaths(root: disk.path + "/store")
        let lock = try StoreLock(paths)
        let journal = try Journal(paths.journal)
        let store = try Store(
            paths, lock: lock, settings: settings, clock: ManualClock(TestMorning.open),
            reports: reported.reports
        ) { try journal.sync(through: $0) }
        var records: [LogRecord] = []
        for number in 0..<120 {
            records.append(
                LogRecord(
                    kind: .frame, source: .massive, receivedAt: TestMorning.open,
                    payload: [UInt8](repeating: UInt8(number), count: 20_000)))
            let position = try journal.append(records[number])
            var batch = EffectBatch.run(first: number * 100, count: 100)
            for index in batch.trades.indices {
                batch.trades[index].position = LogPosition(
                    epoch: 1, offset: position.offset, index: Int32(index))
            }
            batch.through = journal.end
            try store.writer.perform(batch)
        }
        #expect(
            eventually {
                if case .failing = store.writer.status.state { true } else { false }
            })
        #expect(try store.history.committed().position < journal.end)
        try FileManager.default.removeItem(at: ballast)
        try store.writer.flush()
        #expect(store.writer.status.state == .ok)
        #expect(reported.seen.withLock { $0.fatal } == [])
        #expect(try store.history.trades("AAPL", before: nil, limit: 20_000).count == 12_000)
        var reader = try journal.records(from: .start)
        for record in records { #expect(try reader.next()?.record == record) }
        #expect(try reader.next() == nil)
        try store.close()
    }
}
