import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `A file of frames` {
    private func write(_ text: String, in folder: URL) throws -> String {
        let url = folder.appending(path: "frames.ndjson")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private func readAll(_ file: FrameFile, bytesMax: Int = 100) throws -> [(Int64, String)] {
        var all: [(Int64, String)] = []
        var bytes: [UInt8] = []
        var lines: [FrameFile.Line] = []
        while try file.read(into: &bytes, lines: &lines, bytesMax: bytesMax) {
            all += lines.map {
                ($0.offset, String(decoding: bytes[$0.bytes], as: UTF8.self))
            }
            bytes.removeAll()
            lines.removeAll()
        }
        return all
    }

    @Test func `gives each line with its offset, empty ones left out`() throws {
        let scratch = try Scratch()
        let path = try write("[1]\n\n[22]\r\n\r\n[333]", in: scratch.folder)
        let lines = try readAll(try FrameFile(path: path))
        #expect(lines.map(\.1) == ["[1]", "[22]", "[333]"])
        #expect(lines.map(\.0) == [0, 5, 13])
        let later = try readAll(try FrameFile(path: path, from: 5))
        #expect(later.map(\.0) == [5, 13])
    }

    @Test(arguments: [1, 2, 100]) func `gives lines as they lie there`(linesMax: Int) throws {
        let scratch = try Scratch()
        let text = "[1]\n\n[22]\r\n\r\n[333]"
        let file = try FrameFile(path: try write(text, in: scratch.folder))
        var pieces: [(Int64, String)] = []
        var bytes: [UInt8] = []
        while let offset = try file.readWhole(into: &bytes, linesMax: linesMax) {
            pieces.append((offset, String(decoding: bytes, as: UTF8.self)))
            bytes.removeAll()
        }
        #expect(pieces.map(\.1).joined() == text)
        let feeds = pieces.map { $0.1.count { $0 == "\n" || $0 == "\r\n" } }
        #expect(feeds.allSatisfy { $0 <= linesMax })
        for (offset, piece) in pieces {
            #expect(text.utf8.dropFirst(Int(offset)).starts(with: piece.utf8))
        }
        #expect(file.offset == file.size)
    }

    @Test func `is read in pieces, with lines that span them`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(seed: 11)
        let expected = (0..<3000).map { number in
            String(repeating: "x", count: Int(random.next() % 2000)) + "\(number)"
        }
        let path = try write(expected.joined(separator: "\n") + "\n", in: scratch.folder)
        let file = try FrameFile(path: path)
        let lines = try readAll(file, bytesMax: 70_000)
        #expect(lines.map(\.1) == expected)
        #expect(file.offset == file.size)
        let whole = try Data(contentsOf: URL(filePath: path))
        for (offset, text) in lines {
            #expect(whole[Int(offset)...].prefix(text.utf8.count) == Data(text.utf8))
        }
    }

    @Test func `that is missing or has an endless line is an error that says where`() throws {
        #expect(throws: FeedError.cannotOpen(path: "/nowhere")) { try FrameFile(path: "/nowhere") }
        let scratch = try Scratch()
        let path = try write(
            "[1]\n" + String(repeating: "x", count: FrameFile.lineBytesMax + (2 << 20)),
            in: scratch.folder)
        let file = try FrameFile(path: path)
        #expect(throws: FeedError.lineTooLong(path: path, offset: 4)) { try readAll(file) }
    }
}

@Suite struct `A replay's pace` {
    private let start = TestMorning.open

    private func at(_ seconds: Double) -> Timestamp {
        start.advanced(byNanoseconds: Int64(seconds * 1e9))
    }

    @Test func `is the recording's, times the speed`() {
        var pacer = ReplayPacer(speed: .times(10))
        #expect(pacer.wait(before: at(0), now: at(1000)) == .zero)
        #expect(pacer.wait(before: at(5), now: at(1000)) == .milliseconds(500))
        // The replay was slow: it catches up instead of drifting.
        #expect(pacer.wait(before: at(10), now: at(1000.9)) == .milliseconds(100))
        #expect(pacer.wait(before: at(10.5), now: at(1003)) == .zero)
    }

    @Test func `does not wait out long pauses or steps back`() {
        var pacer = ReplayPacer(speed: .times(1), pauseMax: .seconds(2))
        _ = pacer.wait(before: at(0), now: at(0))
        #expect(pacer.wait(before: at(86_400), now: at(0)) == .seconds(2))
        #expect(pacer.wait(before: at(86_000), now: at(2)) == .zero)
        #expect(pacer.wait(before: at(86_401), now: at(2)) == .seconds(1))
    }

    @Test func `at full speed never waits`() {
        var pacer = ReplayPacer(speed: .max)
        #expect(pacer.wait(before: at(0), now: at(0)) == .zero)
        #expect(pacer.wait(before: at(500), now: at(0)) == .zero)
    }

    @Test func `is read from text`() {
        #expect(ReplayPacer.Speed("max") == .max)
        #expect(ReplayPacer.Speed("2.5x") == .times(2.5))
        #expect(ReplayPacer.Speed("0") == nil && ReplayPacer.Speed("fast") == nil)
    }
}
