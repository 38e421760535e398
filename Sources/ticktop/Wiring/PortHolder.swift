import Foundation

/// The process that listens on a port of this machine, as far as /proc tells: one's own processes
/// always, another user's only to root.
struct PortHolder: Equatable, CustomStringConvertible {
    var pid: Int32
    /// As `ps` shows it.
    var name: String

    var description: String { name.isEmpty ? "process \(pid)" : "\(name) (process \(pid))" }

    /// `nil` when nobody listens there, or when it cannot be told who.
    static func of(port: Int) -> PortHolder? {
        let sockets = Set(
            ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listening(on: port, in: text($0)) }
                .map { "socket:[\($0)]" })
        guard !sockets.isEmpty else { return nil }
        let pids = names(in: "/proc").compactMap { Int32($0) }.sorted()
        guard let pid = pids.first(where: { holds(sockets, pid: $0) }) else { return nil }
        let name = text("/proc/\(pid)/comm").trimmingCharacters(in: .whitespacesAndNewlines)
        return PortHolder(pid: pid, name: name)
    }

    /// The inodes of the sockets that listen on a port, from the text of /proc/net/tcp: fields are
    /// parted by blanks, the second is address:port in hex, the fourth the state (0A listens), the
    /// tenth the inode.
    static func listening(on port: Int, in table: String) -> [String] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A",
                let hex = fields[1].split(separator: ":").last, Int(hex, radix: 16) == port
            else { return nil }
            return String(fields[9])
        }
    }

    private static func holds(_ sockets: Set<String>, pid: Int32) -> Bool {
        let folder = "/proc/\(pid)/fd"
        return names(in: folder).contains { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "\(folder)/\(name)")
            return target.map(sockets.contains) ?? false
        }
    }

    /// Empty where there is nothing, or nothing that may be read.
    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
