import Foundation

/// Where an export goes: standard output, or a new file that has its name only once it is whole.
final class ExportFile {
    private let path: String?
    private let partPath: String
    private let descriptor: Int32
    private let isTerminal: Bool

    /// `nil` for standard output. Throws for a file that is there already.
    init(_ path: String?) throws {
        self.path = path
        isTerminal = path == nil && isatty(STDOUT_FILENO) == 1
        guard let path else {
            partPath = ""
            descriptor = STDOUT_FILENO
            return
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure("\(path) is there already: an export never overwrites a file")
        }
        partPath = path + ".part"
        descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExportFile.failure(partPath) }
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = (isTerminal ? ExportFile.withoutControls(bytes) : bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExportFile.failure(path ?? "standard output") }
            rest = rest.dropFirst(count)
        }
    }

    /// Dots for what could steer a terminal: a provider's texts are in there. Tabs and ends of
    /// lines stay.
    private static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        var shown = bytes
        for (index, byte) in bytes.enumerated() {
            // U+0080 to U+009F are controls, too.
            let isSecondSet =
                index > 0 && bytes[index - 1] == 0xC2 && (0x80..<0xA0).contains(byte)
            guard isSecondSet || byte == 0x7F || byte < 0x20 && ![9, 10, 13].contains(byte) else {
                continue
            }
            shown[index] = UInt8(ascii: ".")
            if isSecondSet { shown[index - 1] = UInt8(ascii: ".") }
        }
        return shown
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

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): \(String(cString: strerror(errno)))")
    }
}
