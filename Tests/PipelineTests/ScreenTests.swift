import Foundation
import TestSupport
import Testing

extension WholePath {
    /// The dashboard in a pseudo-terminal under a shell, driven by keys and read by another
    /// terminal's rules.
    @Suite struct `The dashboard` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        /// What the session saw; every one of its checks must hold.
        private func session(_ size: (columns: Int, rows: Int), _ scenario: String, checks: Int)
            throws
        {
            let answer = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/screen_session.py",
                [
                    ProgramUnderTest.binary.path, scratch.url.path, String(size.columns),
                    String(size.rows), scenario,
                ])
            let seen = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
            #expect(seen["failed"] as? [String] == [], "\(seen["screen"] ?? "")")
            #expect(seen["seen"] as? Int ?? 0 >= checks)
        }

        @Test(arguments: [(200, 50), (120, 40), (80, 24), (40, 10)])
        func `starts, answers every key and leaves the terminal as it was`(
            _ columns: Int, _ rows: Int
        ) throws {
            try session((columns, rows), "keys", checks: 24)
        }

        @Test func `follows the window's size`() throws {
            try session((80, 24), "resize", checks: 16)
        }

        @Test func `stops for Ctrl-Z and comes back with fg`() throws {
            try session((80, 24), "suspend", checks: 12)
        }

        @Test(
            arguments: Proof.pick(
                sample: ["SIGTERM", "SIGHUP", "SIGSEGV"],
                full: ["SIGTERM", "SIGHUP", "SIGINT", "SIGSEGV", "SIGABRT", "SIGILL", "SIGTRAP"]))
        func `gives the terminal back when a signal ends it`(_ signal: String) throws {
            try session((80, 24), "end:\(signal)", checks: 6)
        }
    }
}
