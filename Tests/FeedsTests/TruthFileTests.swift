import Foundation
import TestSupport
import Testing

@testable import Feeds

@Suite struct `The simulator's files` {
    @Test(
        .enabled("needs Linux 6.5, which tells what is unwritten") {
            try unwrittenBytes(#filePath) != nil
        })
    func `go to the disk as they grow, not half a minute later all at once`() throws {
        let scratch = try Scratch()
        let path = scratch.path("truth.ndjson")
        let file = try TruthFile(path: path)
        let line = [UInt8](repeating: UInt8(ascii: "-"), count: 1023)
        for _ in 0..<(16 << 10) { try file.append(line: line) }
        // The system itself begins after thirty seconds.
        let isWritten = try eventually(within: .seconds(15)) {
            try unwrittenBytes(path) == 0
        }
        #expect(isWritten)
        try file.close()
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect(size == 16 << 20)
    }

    @Test func `take the place of no device, pipe or folder`() throws {
        let scratch = try Scratch()
        let pipe = scratch.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in ["/tmp", pipe] {
            #expect(throws: FeedError.notAFile(path: path)) { try TruthFile(path: path) }
        }
        var status = stat()
        #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    @Test func `are on the disk to the last line when they are closed`() throws {
        let scratch = try Scratch()
        let file = try TruthFile(path: scratch.path("truth.ndjson"))
        for number in 0..<100_000 { try file.append(line: Array("line \(number)".utf8)) }
        try file.close()
        let lines = try scratch.lines("truth.ndjson")
        #expect(lines == (0..<100_000).map { "line \($0)" })
        if let left = try unwrittenBytes(scratch.path("truth.ndjson")) {
            #expect(left == 0)
        }
    }
}

/// `nil` where the system cannot tell.
private func unwrittenBytes(_ path: String) throws -> Int? {
    let answer = try ReferenceProgram.run(
        "Tests/FeedsTests/Reference/unwritten_bytes.py", [path])
    return Int(String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .newlines))
}
