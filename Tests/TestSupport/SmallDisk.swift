import Foundation

/// A file system of a few megabytes in memory, which only root can mount.
public final class SmallDisk {
    public struct CannotMount: Error {
        let code: Int32
    }

    public static let isPossible = geteuid() == 0 && (try? SmallDisk(bytes: 1 << 20)) != nil

    public let path: String

    public init(bytes: Int) throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "ticktop-disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            throw CannotMount(code: errno)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}
