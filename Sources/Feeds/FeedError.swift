import MarketModel

/// What can go wrong in a feed that is not the market's or the network's passing trouble.
public enum FeedError: Error, Equatable {
    case cannotOpen(path: String)
    /// Something that is to be written is a folder, a device or a pipe.
    case notAFile(path: String)
    case cannotRead(path: String, offset: Int64)
    /// A line of a file of frames is longer than any provider's frame.
    case lineTooLong(path: String, offset: Int64)
    case cannotListen(address: String, reason: String)
    /// A provider's REST answered with neither data nor a passing refusal.
    case refusedByProvider(status: Int, reason: String)
    case unreachable(host: String, reason: String)
}

extension FeedError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path): "cannot open \(path)"
        case .notAFile(let path):
            "\(path) is no file: name one to write to, new or to be replaced"
        case .cannotRead(let path, let offset): "cannot read \(path) at byte \(offset)"
        case .lineTooLong(let path, let offset):
            "the line at byte \(offset) of \(path) is too long to be a frame"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .refusedByProvider(let status, let reason):
            "the provider answered \(status)\(reason.isEmpty ? "" : ": \(reason)")"
        case .unreachable(let host, let reason): "cannot reach \(host): \(reason)"
        }
    }
}
