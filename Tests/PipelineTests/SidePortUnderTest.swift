import Foundation
import FoundationNetworking

/// The side port of a running program, found through the store's lock file as `attach` would find
/// it.
struct SidePortUnderTest {
    struct Answer {
        var status: Int
        var body: Data
        var text: String { String(decoding: body, as: UTF8.self) }

        func object() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
        }
    }

    struct NoPort: Error { let store: String }

    let address: String
    private let session = URLSession(configuration: .ephemeral)

    /// Waits until the port is open; `pid` tells a new life's lock from what a killed one left
    /// behind.
    init(ofStore store: String, heldBy pid: Int32? = nil) throws {
        var found: String?
        let isOpen = Proof.eventually {
            let text = FileManager.default.contents(atPath: store + "/lock") ?? Data()
            let holder = (try? JSONSerialization.jsonObject(with: text)) as? [String: Any]
            found = holder?["apiAddress"] as? String
            return found != nil && (pid == nil || holder?["pid"] as? Int == pid.map(Int.init))
        }
        guard isOpen, let found else { throw NoPort(store: store) }
        address = found
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    func send(_ method: String, _ path: String, token: String? = nil, body: String? = nil)
        async throws -> Answer
    {
        guard let url = URL(string: address + path) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.timeoutInterval = 10
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let body {
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await session.data(for: request)
        return Answer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: data)
    }

    /// A value of `/metrics` by its full name with labels; `nil` when it is not there.
    func metric(_ name: String) async throws -> Double? {
        try await get("/metrics").text.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.count + 1)) }
    }
}
