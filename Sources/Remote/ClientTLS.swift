import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What both connections to a server share: whom to trust, and what an error means.
enum ClientTLS {
    /// `certificates` is a file of the authorities to trust instead of the system's.
    static func configuration(_ certificates: String?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        if let certificates { configuration.trustRoots = .file(certificates) }
        return configuration
    }

    /// What a person can act on, in place of an error's dump.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            let isUnknown = error.dnsAError != nil || error.dnsAAAAError != nil
            if isUnknown, error.connectionErrors.isEmpty { return "there is no such host" }
            let codes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
            return codes.contains(ECONNREFUSED) ? "nobody listens there" : "cannot be reached"
        case let error as NIOSSLError:
            if case .handshakeFailed(let inner) = error {
                return "\(inner)".contains("WRONG_VERSION_NUMBER")
                    ? "no TLS there: try http://" : "the certificate was not accepted"
            }
            return "TLS failed"
        case is NIOSSLExtraError: return "the certificate is for another host"
        case let error as ChannelError:
            if case .connectTimeout = error { return "no connection in time" }
            return "the connection was lost"
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "nobody listens there"
        default: return "the connection was lost"
        }
    }
}
