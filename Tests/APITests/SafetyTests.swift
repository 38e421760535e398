import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `API safety` {
    static let ack = "/anomalies/\(Morning.episodeID)/ack"
    static let token = ["Authorization": "Bearer \(SidePort.secret)"]

    @Test(arguments: ["evil.test", "localhost.evil.test", "127.0.0.1:1", "127.0.0.2", "[::2]"])
    func `refuses a host that is not on the list`(host: String) async throws {
        let answer = try await SidePort().serve {
            await $0.get("/health", headers: ["Host": host])
        }
        #expect(answer.status == 421)
    }

    @Test func `lets in loopback names, with the port or without, and listed hosts`() async throws {
        var settings = SidePort.settings()
        settings.allowedHosts = ["ticker.example.test"]
        try await SidePort().serve(settings) { http in
            for host in [
                "localhost", "LOCALHOST:\(http.port)", "127.0.0.1", "[::1]:\(http.port)",
                "ticker.example.test", "ticker.example.test:\(http.port)",
            ] {
                #expect(await http.get("/health", headers: ["Host": host]).status == 200, "\(host)")
            }
        }
    }

    @Test func `needs a host`() async throws {
        let bytes = try await SidePort().serve {
            await $0.exchange(Array("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n".utf8))
        }
        #expect(HTTPAnswer(bytes).status == 400)
    }

    @Test(arguments: [
        "Host: localhost\r\nHost: localhost", "Host: localhost\r\nhost: evil.test",
        "Host: evil.test\r\nHost: localhost",
    ])
    func `refuses a request with two hosts`(hosts: String) async throws {
        let request = "GET /health HTTP/1.1\r\n\(hosts)\r\nConnection: close\r\n\r\n"
        let bytes = try await SidePort().serve { await $0.exchange(Array(request.utf8)) }
        let answer = HTTPAnswer(bytes)
        #expect(answer.status == 400)
        #expect(answer.body.contains("urn:ticktop:problem:malformed"))
    }

    @Test func `needs the token for writes`() async throws {
        try await SidePort().serve { http in
            let none = await http.send("POST", Self.ack)
            #expect(none.status == 401)
            #expect(none.headers["www-authenticate"] == "Bearer realm=\"ticktop\"")
            for guess in ["Bearer wrong", "Bearer ", "Bearer \(SidePort.secret)x", "Basic YTpi"] {
                let answer = await http.send(
                    "DELETE", Self.ack, headers: ["Authorization": guess])
                #expect(answer.status == 401, "\(guess)")
            }
        }
    }

    @Test func `refuses writes another site's page sends`() async throws {
        try await SidePort().serve { http in
            for foreign in [
                ["Origin": "http://evil.test"], ["Origin": "https://127.0.0.1"],
                ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
            ] {
                let headers = Self.token.merging(foreign) { $1 }
                #expect(await http.send("POST", Self.ack, headers: headers).status == 403)
            }
            let own = Self.token.merging(["Origin": "http://127.0.0.1:\(http.port)"]) { $1 }
            #expect(await http.send("POST", Self.ack, headers: own).status == 200)
        }
    }

    @Test func `acknowledges once however often it is asked, and undoes it`() async throws {
        try await SidePort().serve { http in
            let json = Self.token.merging(["Content-Type": "application/json"]) { $1 }
            let first = await http.send(
                "POST", Self.ack, headers: json, body: #"{"note":"seen"}"#)
            #expect(first.status == 200)
            #expect(
                first.body.contains(
                    #""acknowledged":true,"acknowledgement":{"by":"api","#
                        + #""at":"2026-01-02T14:40:00.000Z","note":"seen","severity":"high"}"#
                ))
            let second = await http.send("POST", Self.ack, headers: Self.token)
            #expect(second.body == first.body)
            #expect(
                await http.get("/anomalies?acknowledged=true").body.contains(Morning.episodeID))
            let undone = await http.send("DELETE", Self.ack, headers: Self.token)
            #expect(undone.body.contains(#""acknowledged":false,"acknowledgement":null"#))
            let again = await http.send("DELETE", Self.ack, headers: Self.token)
            #expect(again.body == undone.body)
        }
    }

    @Test func `refuses notes it cannot take`() async throws {
        try await SidePort().serve { http in
            let json = Self.token.merging(["Content-Type": "application/json"]) { $1 }
            let long = String(repeating: "n", count: 1001)
            let cases: [(String, [String: String], String, Int)] = [
                (Self.ack, json, #"{"note":"\#(long)"}"#, 422),
                (Self.ack, json, #"{"note":7}"#, 400), (Self.ack, json, "{", 400),
                (Self.ack, Self.token, "{}", 415), ("/anomalies/nope/ack", json, "{}", 404),
            ]
            for (path, headers, body, status) in cases {
                let answer = await http.send("POST", path, headers: headers, body: body)
                #expect(answer.status == status, "\(body)")
            }
        }
    }

    @Test(arguments: [
        "0.0.0.0", "192.0.2.1", "::", "example.test", "127.evil.test", "127.0.0.evil",
    ])
    func `refuses an address beyond loopback without an explicit token`(address: String) throws {
        var settings = SidePort.settings()
        settings.address = address
        let made = try APIToken.loadOrCreate(path: scratch().appending(path: "token").path)
        #expect(throws: APIError.tokenRequired(address: address)) {
            try SidePort().server(settings, token: made)
        }
    }

    @Test func `beyond loopback needs the token for reads too, but not for health`() async throws {
        var settings = SidePort.settings()
        settings.address = "0.0.0.0"
        try await SidePort().serve(settings) { http in
            #expect(await http.get("/quotes/AAPL").status == 401)
            #expect(await http.get("/quotes/AAPL", headers: Self.token).status == 200)
            #expect(await http.get("/health").status == 200)
        }
    }

    @Test func `keeps its token in a file of mode 0600 and shows it nowhere else`() throws {
        let path = try scratch().appending(path: "token").path
        let made = try APIToken.loadOrCreate(path: path)
        #expect(made.secret.utf8.count == 64)
        #expect(!made.isExplicit)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try APIToken.loadOrCreate(path: path).secret == made.secret)
        #expect("\(made)" == "APIToken(redacted)")
        #expect(made.matches(made.secret) && !made.matches("") && !made.matches("00"))
        #expect(!APIToken(explicit: "").matches(""))
    }

    @Test func `refuses a token file others can read, and one without a token`() throws {
        let path = try scratch().appending(path: "token").path
        try "0".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: APIError.tokenFileReadableByOthers(path: path, mode: 0o640)) {
            try APIToken.loadOrCreate(path: path)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: APIError.tokenMalformed(path: path)) {
            try APIToken.loadOrCreate(path: path)
        }
    }

    private func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
