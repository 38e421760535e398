import Foundation
import TestSupport
import Testing

@testable import API

@Suite struct `A client that knows only the API's description` {
    @Test func `asks every route in every way, and gets what it was promised`() async throws {
        try await SidePort().serve { http in
            let told = try ReferenceProgram.run(
                "Tests/APITests/Reference/client.py",
                ["http://127.0.0.1:\(http.port)", SidePort.secret])
            let done = try JSONDecoder().decode([String].self, from: told)
            let document = try JSONSerialization.jsonObject(
                with: Data(await http.get("/openapi.json").body.utf8))
            let paths = try #require(
                (document as? [String: Any])?["paths"] as? [String: [String: Any]])
            let described = paths.flatMap { path, item in
                item.keys.map { OpenAPI.operationID($0.uppercased(), path) }
            }
            #expect(done == described.sorted())
            #expect(done.count > 30)
        }
    }
}
