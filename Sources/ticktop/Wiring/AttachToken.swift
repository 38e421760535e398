import Foundation
import Remote
import TicktopConfiguration

/// What lets a screen in at another ticktop's side port. Never printed.
struct AttachToken {
    let secret: String

    /// The file named, else the environment's, else this machine's own for an address on it.
    init(file: String?, _ surroundings: Surroundings, for address: RemoteAddress) throws {
        if let file {
            secret = try AttachToken.read(file)
        } else if let given = surroundings.secrets.apiToken {
            secret = given
        } else {
            let own = SidePort.tokenPath(surroundings.sources.directories)
            // This machine's token goes to nobody else.
            guard address.isLoopback, FileManager.default.fileExists(atPath: own) else {
                throw AttachTokenError.none(server: address.server)
            }
            secret = try AttachToken.read(own)
        }
    }

    private static func read(_ path: String) throws -> String {
        let path = NSString(string: path).expandingTildeInPath
        let text = try SecretFile.text(path)
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isToken = secret.utf8.allSatisfy { (33...126).contains($0) }
        guard !secret.isEmpty, isToken, secret.utf8.count <= 1024 else {
            throw AttachTokenError.malformed(path: path)
        }
        return secret
    }
}

/// Why there is no token to attach with, each with what to do next.
enum AttachTokenError: Error, Equatable, CustomStringConvertible {
    case none(server: String)
    case malformed(path: String)

    var description: String {
        switch self {
        case .none(let server):
            "\(server) needs a token: run `ticktop token` there, and give it here as "
                + "TICKTOP_API_TOKEN or in a file with --token-file"
        case .malformed(let path):
            "\(path) does not hold a token: one word, as `ticktop token` prints it"
        }
    }
}
