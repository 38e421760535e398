import ArgumentParser
import Foundation

/// Where an export goes: standard output, or a new file that has its name only once it is whole.
final class ExportFile {
    private let path: String?
    private let partPath: String
    private let descriptor: Int32

    /// `nil` for standard output. Throws for a file that is there already.
    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            partPath = ""
            descriptor = STDOUT_FILENO
            return
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw ValidationError("\(path) is there already: an export never overwrites a file")
        }
        partPath = path + ".part"
        descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExportFile.failure(partPath) }
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExportFile.failure(path ?? "standard output") }
            rest = rest.dropFirst(count)
        }
    }

    func finish() throws {
        guard let path else { return }
        guard fsync(descriptor) == 0, close(descriptor) == 0, link(partPath, path) == 0 else {
            throw ExportFile.failure(path)
        }
        unlink(partPath)
    }

    /// Leaves nothing behind.
    func abandon() {
        guard path != nil else { return }
        close(descriptor)
        unlink(partPath)
    }

    private static func failure(_ path: String) -> ValidationError {
        ValidationError("\(path): \(String(cString: strerror(errno)))")
    }
}
