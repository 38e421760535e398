import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct StateFilesTests {
    private let directory: TemporaryDirectory
    private let files: StateFiles

    init() throws {
        directory = try TemporaryDirectory()
        files = try StateFiles(directory.path + "/states")
    }

    private static func copy(_ offset: Int64, build: String = "1.0") -> StateCopy {
        StateCopy(
            position: .at(offset), buildVersion: build, hash: Array(0..<32),
            bytes: (0..<500).map { UInt8(truncatingIfNeeded: $0 + Int(offset)) })
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path + "/states").sorted()
    }

    @Test func `the two newest copies are kept`() throws {
        #expect(try files.newestValid(buildVersion: "1.0") == nil)
        for offset in [10, 200, 3000] as [Int64] { try files.write(Self.copy(offset)) }
        #expect(try files.valid() == [Self.copy(3000), Self.copy(200)])
        #expect(try files.newestValid(buildVersion: "1.0") == Self.copy(3000))
        #expect(try names().count == 2)
        #expect(try files.positions() == [.at(200), .at(3000)])
    }

    @Test func `a copy of another build is passed over`() throws {
        try files.write(Self.copy(10))
        try files.write(Self.copy(20, build: "2.0"))
        #expect(try files.newestValid(buildVersion: "1.0") == Self.copy(10))
        #expect(try files.newestValid(buildVersion: "3.0") == nil)
    }

    @Test func `damage anywhere in the newest copy falls back to the older`() throws {
        try files.write(Self.copy(10))
        try files.write(Self.copy(20))
        let newest = URL(filePath: directory.path + "/states/" + (try names())[1])
        let whole = try Data(contentsOf: newest)
        for index in 0..<whole.count {
            var damaged = whole
            damaged[index] ^= 1
            try damaged.write(to: newest)
            #expect(try files.newestValid(buildVersion: "1.0") == Self.copy(10))
        }
        for length in [0, 3, 4, 100, whole.count - 1] {
            try whole.prefix(length).write(to: newest)
            #expect(try files.newestValid(buildVersion: "1.0") == Self.copy(10))
        }
    }

    @Test func `an unfinished file is not a copy, and is no obstacle to the next`() throws {
        try files.write(Self.copy(10))
        let unfinished = directory.path + "/states/unfinished.tmp"
        try Data([1, 2, 3]).write(to: URL(filePath: unfinished))
        #expect(try files.valid() == [Self.copy(10)])
        try files.write(Self.copy(20))
        #expect(try files.newestValid(buildVersion: "1.0") == Self.copy(20))
    }
}
