import Foundation

/// A file of secrets, which its owner alone may read.
public enum SecretFile {
    /// What is in it. Refused when others may read it.
    public static func text(_ path: String) throws(SecretFileError) -> String {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
            guard mode & 0o077 == 0 else {
                throw SecretFileError.readableByOthers(path: path, mode: mode)
            }
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch let error as SecretFileError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: reason(error))
        }
    }
}

/// Why a file of secrets is not read.
public enum SecretFileError: Error, Equatable, CustomStringConvertible {
    case readableByOthers(path: String, mode: Int)
    case unreadable(path: String, reason: String)

    public var description: String {
        switch self {
        case .readableByOthers(let path, let mode):
            "\(path) has mode 0\(String(mode, radix: 8)), which lets others read it: "
                + "chmod 600 \(path)"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        }
    }
}
