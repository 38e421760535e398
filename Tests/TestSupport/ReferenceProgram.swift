import Foundation

/// Runs a Python reference with the interpreter of `.venv`, which `make test` provides.
public enum ReferenceProgram {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// The repository's root.
    public static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// What the script printed. `script` is a path from the repository's root.
    public static func run(_ script: String, _ arguments: [String] = [], input: Data? = nil) throws
        -> Data
    {
        let python = root.appending(path: ".venv/bin/python3")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Failure(description: "no \(python.path): run `make test`, which makes it")
        }
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-reference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let inputFile = scratch.appending(path: "input")
        try (input ?? Data()).write(to: inputFile)
        let outputFile = scratch.appending(path: "output")
        _ = FileManager.default.createFile(atPath: outputFile.path, contents: nil)

        let process = Process()
        process.executableURL = python
        process.arguments = [root.appending(path: script).path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(script) ended with \(process.terminationStatus)")
        }
        return try Data(contentsOf: outputFile)
    }
}
