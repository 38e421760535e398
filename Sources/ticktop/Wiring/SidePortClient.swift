import Foundation
import FoundationNetworking
import Storage

/// The side port of a running instance, for commands that change something in its store.
struct SidePortClient: Sendable {
    private let address: String
    private let token: String

    struct Refused: Error, CustomStringConvertible {
        var status: Int
        var detail: String
        var description: String { detail }
    }

    /// `nil` when nobody holds the store. Throws `noSidePort` when whoever does has no port.
    init?(of paths: StorePaths, explicitToken: String?) throws {
        guard let holder = StoreLock.holder(of: paths) else { return nil }
        guard let address = holder.apiAddress else {
            throw StartError.noSidePort(holder, path: paths.root)
        }
        self.address = address
        if let explicitToken {
            token = explicitToken
        } else {
            let text = try String(contentsOfFile: holder.tokenPath ?? "", encoding: .utf8)
            token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// The answer to a request; throws `Refused` for a problem document.
    func send<Answer: Decodable & Sendable>(
        _ method: String, _ path: String, as type: Answer.Type
    ) throws -> Answer {
        guard let url = URL(string: address + path) else {
            throw Refused(status: 0, detail: "\(address) is no address")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.timeoutInterval = 30
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        let asked = request
        let (data, response) = try waitFor {
            try await URLSession(configuration: .ephemeral).data(for: asked)
        }.get()
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200 else {
            let problem = try? JSONDecoder().decode(ProblemDocument.self, from: data)
            throw Refused(status: status, detail: problem?.detail ?? "status \(status)")
        }
        return try JSONDecoder().decode(type, from: data)
    }

    private struct ProblemDocument: Decodable { var detail: String }
}
