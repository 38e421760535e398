import Foundation
import TestSupport

/// The built `ticktop`, started as a user starts it, in a scratch directory of its own.
final class ProgramUnderTest {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String

        /// The last line of the output as JSON.
        func closingLine() throws -> [String: Any] {
            let line = output.split(separator: "\n").last.map(String.init) ?? ""
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return value as? [String: Any] ?? [:]
        }

        /// A number of the closing line; -1 when it is not there.
        func count(_ name: String) throws -> Int { try closingLine()[name] as? Int ?? -1 }

        /// Conservation, in the closing line itself.
        func addsUp() throws -> Bool {
            let classes = ["applied", "duplicate", "late", "dead_lettered", "shed"]
            return try count("received") == classes.reduce(0) { try $0 + count($1) }
        }

        var stateHash: String { (try? closingLine()["state_hash"] as? String) ?? "" }
    }

    let scratch: URL
    private let process = Process()
    private let outputFile: URL
    private let errorFile: URL

    /// Starts the program. The scratch directory outlives it, so that a second life finds the first
    /// one's files.
    /// `executable` is for what stands beside it, such as a provider in Python.
    init(
        _ arguments: [String], in scratch: URL, environment: [String: String] = [:],
        executable: URL = ProgramUnderTest.binary
    ) throws {
        self.scratch = scratch
        let stamp = UUID().uuidString.prefix(8)
        outputFile = scratch.appending(path: "\(stamp).out")
        errorFile = scratch.appending(path: "\(stamp).err")
        for file in [outputFile, errorFile] {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = scratch
        process.environment = [
            "HOME": scratch.path, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
            "LANG": "C.UTF-8",
        ].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    /// Beside the test bundle, where the build puts both; `TICKTOP_BINARY` names another, such as a
    /// release build.
    static var binary: URL {
        if let named = ProcessInfo.processInfo.environment["TICKTOP_BINARY"] {
            return URL(filePath: named)
        }
        let here = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = here.appending(path: "ticktop")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return ReferenceProgram.root.appending(path: ".build/debug/ticktop")
    }

    /// A new empty directory; the caller removes it.
    static func makeScratch() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// What it has printed by now.
    var outputSoFar: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    var errorsSoFar: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    func kill(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

    func waitForEnd() throws -> Outcome {
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: outputFile, encoding: .utf8),
            errors: try String(contentsOf: errorFile, encoding: .utf8))
    }

    static func run(_ arguments: [String], in scratch: URL, environment: [String: String] = [:])
        throws -> Outcome
    {
        try ProgramUnderTest(arguments, in: scratch, environment: environment).waitForEnd()
    }

    deinit {
        if process.isRunning {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
