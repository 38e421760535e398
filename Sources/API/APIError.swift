/// Why the side port cannot start.
public enum APIError: Error, Equatable {
    /// Another process listens there.
    case portBusy(address: String, port: Int)
    case cannotBind(address: String, port: Int, reason: String)
    /// The address can be reached from other machines, and no token was given explicitly.
    case tokenRequired(address: String)
    case tokenFile(path: String, operation: String, code: Int32)
    /// The file's mode lets the group or others in; it must be 0600.
    case tokenFileReadableByOthers(path: String, mode: UInt32)
    case tokenMalformed(path: String)
}

extension APIError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .portBusy(let address, let port):
            "port \(port) on \(address) is taken by another process: choose one with --port"
        case .cannotBind(let address, let port, let reason):
            "cannot listen on \(address) port \(port): \(reason)"
        case .tokenRequired(let address):
            "\(address) can be reached from other machines: set TICKTOP_API_TOKEN, or use 127.0.0.1"
        case .tokenFile(let path, let operation, let code):
            "\(path): \(operation) failed with errno \(code)"
        case .tokenFileReadableByOthers(let path, let mode):
            "\(path) has mode 0\(String(mode, radix: 8)); it must be 0600"
        case .tokenMalformed(let path):
            "\(path) does not hold a token of \(APIToken.byteCount) bytes in hexadecimal"
        }
    }
}
