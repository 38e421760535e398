import API
import Foundation
import MarketModel
import TestSupport
import Testing

extension ScriptedHistory {
    /// A letter that is taken up passes at once.
    func letterActions(_ clock: ManualClock) -> DeadLetterActions {
        @Sendable func change(_ id: LogPosition, _ body: (inout DeadLetter) -> Void) -> DeadLetter?
        {
            rows.withLock { rows in
                guard let index = rows.deadLetters.firstIndex(where: { $0.position == id }) else {
                    return nil
                }
                body(&rows.deadLetters[index])
                return rows.deadLetters[index]
            }
        }
        return DeadLetterActions(
            find: { id in change(id) { _ in } },
            retry: { id in
                change(id) { letter in
                    guard letter.fate != .resolved else { return }
                    letter.fate = .resolved
                    letter.retries += 1
                    letter.retriedAt = clock.now
                }
            },
            retryAll: { try self.deadLetterCount() },
            archive: { id in change(id) { $0.fate = .archived } })
    }
}

@Suite struct `Dead letters over the port` {
    private let id = "0.4096.5"
    private let token = ["Authorization": "Bearer \(SidePort.secret)"]

    private func object(_ answer: HTTPAnswer) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `are taken up again, once, with the token`() async throws {
        try await SidePort().serve { http in
            let path = "/api/v1/dead-letters/\(id)/retry"
            #expect(await http.send("POST", path).status == 401)
            #expect(await http.get(path).status == 405)
            let before = try object(await http.get("/api/v1/dead-letters/\(id)"))
            #expect(before["state"] as? String == "open" && before["retries"] as? Int == 0)
            for _ in 0..<2 {
                let answer = await http.send("POST", path, headers: token)
                let letter = try object(answer)
                #expect(answer.status == 200 && letter["state"] as? String == "resolved")
                #expect(letter["retries"] as? Int == 1)
                #expect(letter["retried_at"] as? String == "2026-01-02T14:40:00.000Z")
            }
        }
    }

    @Test func `are put aside, and taken up all together`() async throws {
        try await SidePort().serve { http in
            let archived = await http.send(
                "POST", "/api/v1/dead-letters/\(id)/archive", headers: token)
            let letter = try object(archived)
            #expect(letter["state"] as? String == "archived")
            let all = await http.send("POST", "/api/v1/dead-letters/retry/all", headers: token)
            let asked = try object(all)
            #expect(asked["asked"] as? Int == 1)
        }
    }

    @Test func `of which there is none, or no whole one, have their problems`() async throws {
        var port = SidePort()
        port.history.rows.withLock {
            $0.deadLetters[0].raw = [UInt8](repeating: 32, count: DeadLetter.rawBytesMax)
        }
        func status(_ path: String, _ http: HTTPConversation) async -> Int {
            await http.send("POST", "/api/v1/dead-letters/\(path)", headers: token).status
        }
        try await port.serve { http in
            #expect(await status("0.1.0/retry", http) == 404)
            #expect(await status("0.1/retry", http) == 422)
            #expect(await status("\(id)/retry", http) == 409)
            #expect(await http.get("/api/v1/dead-letters/0.1.0").status == 404)
        }
        port.letters = nil
        try await port.serve { http in
            #expect(await status("\(id)/archive", http) == 409)
            #expect(await status("retry/all", http) == 409)
        }
    }
}
