import Foundation
import TestSupport
import Testing

@Suite struct `API against its own description` {
    @Test func `keeps to it under requests made from it`() async throws {
        let isProof = ProcessInfo.processInfo.environment["TICKTOP_PROVE"] == "1"
        try await SidePort().serve { http in
            let report: Data = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result {
                            try ReferenceProgram.run(
                                "Tests/APITests/Reference/schemathesis_run.py",
                                [
                                    "http://127.0.0.1:\(http.port)", SidePort.secret,
                                    isProof ? "100" : "10",
                                ])
                        })
                }
            }
            // It ends with an error when it finds anything; this says that it asked.
            #expect(String(decoding: report, as: UTF8.self).contains(" passed"))
        }
    }
}
