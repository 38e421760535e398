import Engine
import Foundation
import MarketModel

/// What `e` writes to a file: the snapshot on the screen, or the screen itself.
struct SnapshotExport: Sendable {
    let format: ExportFormat
    /// `nil` for everything.
    let pane: PaneID?
    let state: ScreenState
    let picture: CellGrid
    let at: Timestamp

    enum Failure: Error, Equatable, CustomStringConvertible {
        case notWritable(directories: [String])
        case writing(path: String, code: Int32)

        var description: String {
            switch self {
            case .notWritable(let directories):
                "cannot write to \(directories.joined(separator: " or "))"
            case .writing(let path, let code):
                "\(path): \(String(cString: strerror(code)))"
            }
        }
    }

    /// To the working directory, else to `$XDG_DATA_HOME/ticktop`; returns the path. Never
    /// overwrites.
    func write() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "/tmp"
        let dataHome = environment["XDG_DATA_HOME"] ?? home + "/.local/share"
        let fallback = dataHome + "/ticktop"
        let working = FileManager.default.currentDirectoryPath
        if let path = try write(to: working) { return path }
        try FileManager.default.createDirectory(
            atPath: fallback, withIntermediateDirectories: true)
        if let path = try write(to: fallback) { return path }
        throw Failure.notWritable(directories: [working, fallback])
    }

    /// `nil` where the directory takes no new file.
    func write(to directory: String) throws -> String? {
        let stamp = at.description.prefix(19).replacing(":", with: "").replacing("-", with: "")
        for attempt in 1...99 {
            let suffix = attempt == 1 ? "" : "-\(attempt)"
            let part = pane.map { "-\($0.name)" } ?? ""
            let path = "\(directory)/ticktop\(part)-\(stamp)Z\(suffix).\(format.rawValue)"
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else { return nil }
            defer { close(file) }
            try fill(file, path)
            return path
        }
        return nil
    }

    private func fill(_ file: Int32, _ path: String) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .writing(path: path, code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    var bytes: [UInt8] { format == .parquet ? parquet : Array(text.utf8) }

    var text: String {
        switch format {
        case .json: json
        case .csv, .parquet: csv
        case .txt: picture.plainText
        case .ansi: picture.ansi
        case .html: picture.html
        }
    }
}
