import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct JournalTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/journal" }

    init() throws { directory = try TemporaryDirectory() }

    private static func record(_ number: Int, bytes: Int = 10) -> LogRecord {
        LogRecord(
            kind: number % 5 == 0 ? .clock : .frame, source: .massive,
            receivedAt: TestMorning.open.advanced(by: .seconds(number)),
            payload: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) })
    }

    private func read(_ journal: Journal, from position: LogPosition = .start) throws
        -> [(record: LogRecord, position: LogPosition)]
    {
        var reader = try journal.records(from: position)
        var found: [(record: LogRecord, position: LogPosition)] = []
        while let next = try reader.next() { found.append(next) }
        return found
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "lock" }.sorted()
    }

    @Test func `records are read back with their positions, from any of them on`() throws {
        let journal = try Journal(path)
        let records = (0..<100).map { Self.record($0, bytes: $0 * 13) }
        let positions = try records.map { try journal.append($0) }
        try journal.sync()
        let all = try read(journal)
        #expect(all.map(\.record) == records)
        #expect(all.map(\.position) == positions)
        #expect(positions[0] == LogPosition(epoch: 1, offset: 0))
        #expect(try read(journal, from: positions[40]).map(\.record) == Array(records[40...]))
        #expect(try read(journal, from: journal.end).isEmpty)
    }

    @Test func `a journal goes on where it ended, over as many files as it takes`() throws {
        var settings = JournalSettings()
        settings.segmentBytesMax = 500
        var records: [LogRecord] = []
        for life in 0..<4 {
            let journal = try Journal(path, settings: settings)
            #expect(journal.extent.lastReceivedAt == records.last?.receivedAt)
            for number in 0..<25 {
                records.append(Self.record(life * 25 + number, bytes: 40))
                try journal.append(records.last!)
                if number % 3 == 0 { try journal.sync() }
            }
            try journal.sync()
        }
        let journal = try Journal(path, settings: settings)
        let all = try read(journal)
        #expect(all.map(\.record) == records)
        #expect(try files().count == 13)
        #expect(journal.byteCount == journal.end.offset)
        let middle = all[61].position
        #expect(try read(journal, from: middle).map(\.record) == Array(records[61...]))
    }

    @Test func `what was not synced is not on the disk, and is lost with the process`() throws {
        do {
            let journal = try Journal(path)
            try journal.append(Self.record(1))
            try journal.sync()
            try journal.append(Self.record(2))
        }
        let journal = try Journal(path)
        #expect(try read(journal).map(\.record) == [Self.record(1)])
    }

    @Test func `sync reaches through the position asked for`() throws {
        let journal = try Journal(path)
        let first = try journal.append(Self.record(1))
        try journal.sync(through: first)
        #expect(try read(journal).isEmpty)
        let second = try journal.append(Self.record(2))
        try journal.sync(through: second)
        #expect(try read(journal).map(\.record) == [Self.record(1), Self.record(2)])
    }

    @Test func `a tail cut at any byte of the last record loses that record only`() throws {
        let records = (0..<3).map { Self.record($0, bytes: 30) }
        let journal = try Journal(path)
        let last = try records.map { try journal.append($0) }[2]
        try journal.sync()
        let file = path + "/" + (try files())[0]
        let whole = try Data(contentsOf: URL(filePath: file))
        let start = JournalCoding.segmentHeaderBytes + Int(last.offset)
        for length in start..<whole.count {
            let copy = try TemporaryDirectory()
            let name = copy.path + "/" + JournalSegment.name(epoch: 1, base: 0)
            try whole.prefix(length).write(to: URL(filePath: name))
            let reopened = try Journal(copy.path)
            #expect(try read(reopened).map(\.record) == Array(records.prefix(2)))
            #expect(reopened.end == last)
            #expect(reopened.extent.bytesCutOff == Int64(length - start))
            try reopened.append(Self.record(9))
            try reopened.sync()
            #expect(
                try read(reopened).map(\.record) == Array(records.prefix(2)) + [Self.record(9)])
        }
    }

    @Test func `a flipped bit in any byte of the last record loses that record only`() throws {
        let records = (0..<3).map { Self.record($0, bytes: 30) }
        let journal = try Journal(path)
        let last = try records.map { try journal.append($0) }[2]
        try journal.sync()
        let file = path + "/" + (try files())[0]
        let whole = try Data(contentsOf: URL(filePath: file))
        for index in JournalCoding.segmentHeaderBytes + Int(last.offset)..<whole.count {
            let copy = try TemporaryDirectory()
            var damaged = whole
            damaged[index] ^= 0x10
            let name = copy.path + "/" + JournalSegment.name(epoch: 1, base: 0)
            try damaged.write(to: URL(filePath: name))
            let reopened = try Journal(copy.path)
            #expect(try read(reopened).map(\.record) == Array(records.prefix(2)))
            #expect(reopened.end == last)
        }
    }

    @Test func `segments behind a damaged one are set aside, not joined to it`() throws {
        var settings = JournalSettings()
        settings.segmentBytesMax = 300
        let journal = try Journal(path, settings: settings)
        let positions = try (0..<20).map { try journal.append(Self.record($0, bytes: 82)) }
        try journal.sync()
        let names = try files()
        let copy = try TemporaryDirectory()
        try TemporaryDirectory.copy(path, to: copy.path)
        let second = URL(filePath: copy.path + "/" + names[1])
        var bytes = try Data(contentsOf: second)
        bytes[JournalCoding.segmentHeaderBytes + 150] ^= 1
        try bytes.write(to: second)
        let reopened = try Journal(copy.path, settings: settings)
        #expect(try read(reopened).map(\.position) == Array(positions.prefix(4)))
        #expect(reopened.extent.setAside == Array(names[2...]))
        #expect(reopened.end == positions[4])
        var recording = try RecordingReader(path)
        var count = 0
        while try recording.next() != nil { count += 1 }
        #expect(count == 20)
    }

    @Test func `a file whose header never reached the disk is no obstacle`() throws {
        let journal = try Journal(path)
        try journal.append(Self.record(1))
        try journal.sync()
        let copy = try TemporaryDirectory()
        try TemporaryDirectory.copy(path, to: copy.path)
        let torn = copy.path + "/" + JournalSegment.name(epoch: 1, base: journal.end.offset)
        try Data([1, 2, 3]).write(to: URL(filePath: torn))
        let reopened = try Journal(copy.path)
        #expect(try read(reopened).map(\.record) == [Self.record(1)])
        #expect(reopened.extent.setAside.count == 1)
    }

    @Test func `a new epoch begins above the old one and is read after it`() throws {
        do {
            let journal = try Journal(path)
            try journal.append(Self.record(1))
            try journal.sync()
        }
        do {
            let journal = try Journal(path)
            journal.beginEpoch(4)
            #expect(
                try journal.append(Self.record(2)) == LogPosition(epoch: 4, offset: 0))
            try journal.sync()
        }
        let journal = try Journal(path)
        #expect(journal.extent.end == journal.end)
        #expect(journal.end.epoch == 4)
        #expect(try read(journal).map(\.record) == [Self.record(1), Self.record(2)])
        let beyond = LogPosition(epoch: 1, offset: 1_000_000)
        #expect(try read(journal, from: beyond).map(\.record) == [Self.record(2)])
    }

    @Test func `only segments wholly behind a position are pruned, and none of a recording`() throws
    {
        var settings = JournalSettings()
        settings.segmentBytesMax = 300
        let journal = try Journal(path, settings: settings)
        let positions = try (0..<20).map { try journal.append(Self.record($0, bytes: 82)) }
        try journal.sync()
        let before = try files().count
        try journal.prune(before: positions[7])
        #expect(try read(journal).first!.position == positions[6])
        #expect(try files().count == before - 2)
        try journal.prune(before: journal.end)
        #expect(try files().count == 1)
        settings.isKept = true
        let recording = try Journal(path + "-kept", settings: settings)
        for number in 0..<20 { try recording.append(Self.record(number, bytes: 82)) }
        try recording.sync()
        try recording.prune(before: recording.end)
        #expect(try read(recording).count == 20)
    }

    @Test func `a recording is read as a directory and file by file`() throws {
        var settings = JournalSettings()
        settings.segmentBytesMax = 300
        let journal = try Journal(path, settings: settings)
        for number in 0..<7 { try journal.append(Self.record(number, bytes: 82)) }
        try journal.sync()
        var counts: [Int] = []
        for file in [path] + (try files().map { path + "/" + $0 }) {
            var reader = try RecordingReader(file)
            var count = 0
            while try reader.next() != nil { count += 1 }
            #expect(reader.bytesLeft == 0)
            counts.append(count)
        }
        #expect(counts == [7, 3, 3, 1])
        #expect(throws: StorageError.notAJournal(path: directory.path)) {
            try RecordingReader(directory.path)
        }
    }

    @Test func `a journal belongs to one at a time`() throws {
        let journal = try Journal(path)
        #expect(throws: StorageError.self) { try Journal(path) }
        withExtendedLifetime(journal) {}
    }
}
