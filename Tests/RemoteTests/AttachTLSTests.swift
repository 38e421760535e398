import API
import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Remote

@Suite struct `Attaching over https` {
    private func inFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch {
                Issue.record("\(folder.path) stays: \(error)")
            }
        }
        try Certificates.selfSigned(in: folder)
        return try await body(folder)
    }

    @Test func `brings the board and the rows, once the certificate is trusted`() async throws {
        let served = ServedBoard(seed: 71)
        try await inFolder { folder in
            let front = try await TLSFront(certificate: folder)
            var settings = APISettings()
            settings.allowedHosts = ["localhost:\(front.port)"]
            try await served.serve(settings) { port in
                front.lead(to: port)
                let address = try RemoteAddress("https://localhost:\(front.port)")
                let trusted = folder.appending(path: "cert.pem").path
                try await blocking {
                    let board = RemoteBoard(
                        address, token: ServedBoard.secret, certificates: trusted,
                        clock: served.clock, seed: 1)
                    try board.start()
                    #expect(board.board.snapshot.tickers.count == RandomBoard.symbols.count)
                    try board.stop()
                    let history = RemoteHistory(
                        address, token: ServedBoard.secret, certificates: trusted,
                        isConnected: { true })
                    #expect(try history.deadLetterCount() == 9)
                    try history.close()
                }
                try await front.stop()
            }
        }
    }

    @Test func `is refused while the certificate is not trusted`() async throws {
        let served = ServedBoard(seed: 72)
        try await inFolder { folder in
            let front = try await TLSFront(certificate: folder)
            var settings = APISettings()
            settings.allowedHosts = ["localhost:\(front.port)"]
            try await served.serve(settings) { port in
                front.lead(to: port)
                let address = try RemoteAddress("https://localhost:\(front.port)")
                try await blocking {
                    let board = RemoteBoard(
                        address, token: ServedBoard.secret, clock: served.clock, seed: 1)
                    let error = #expect(throws: RemoteError.self) { try board.start() }
                    #expect(error.map { "\($0)".contains("certificate was not accepted") } == true)
                    try board.stop()
                }
                try await front.stop()
            }
        }
    }
}
