import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// kill -9 at seeded random points of a replay, then the same command again.
    @Suite struct `A killed replay` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private func arguments(_ log: GeneratedFile, _ store: String) -> [String] {
            ["replay", log.path, "--no-screen", "--store", scratch.path(store)]
        }

        /// Kills a replay after a while; earlier, on a new store, when it had ended by then. False
        /// when it always had.
        private func strike(_ log: GeneratedFile, _ name: String, after nanoseconds: Int64) throws
            -> Bool
        {
            var wait = nanoseconds
            for _ in 0..<4 {
                let killed = try ProgramUnderTest(arguments(log, name), in: scratch.url)
                SystemClock.sleepThread(.nanoseconds(wait))
                killed.kill(SIGKILL)
                if try killed.waitForEnd().status == SIGKILL { return true }
                try FileManager.default.removeItem(atPath: scratch.path(name))
                wait /= 2
            }
            return false
        }

        @Test func `that goes on leaves the tables of an uninterrupted one`() throws {
            let seed = Proof.seed
            var random = SeededRandom(seed: seed)
            let log = try GeneratedFile(
                scratch.path("log.ndjson"), events: Proof.pick(sample: 60_000, full: 300_000))
            let begun = SystemClock.monotonicNanoseconds
            let whole = try ProgramUnderTest.run(arguments(log, "whole"), in: scratch.url)
            let length = SystemClock.monotonicNanoseconds - begun
            #expect(whole.status == 0, "\(whole.errors)")
            var struck = 0
            for turn in 0..<Proof.pick(sample: 3, full: 20) {
                let name = "killed-\(turn)"
                let wait = Int64.random(in: length / 10...length * 9 / 10, using: &random)
                if try strike(log, name, after: wait) { struck += 1 }
                let end = try ProgramUnderTest.run(arguments(log, name), in: scratch.url)
                #expect(end.status == 0, "seed \(seed), turn \(turn): \(end.errors)")
                #expect(end.stateHash == whole.stateHash, "seed \(seed), turn \(turn)")
                let differences = try StoreUnderTest(scratch.path(name))
                    .differences(from: StoreUnderTest(scratch.path("whole")))
                #expect(differences.isEmpty, "seed \(seed), turn \(turn): \(differences)")
            }
            print("kill -9 of a replay: \(struck) struck while it ran, seed \(seed)")
            #expect(struck >= Proof.pick(sample: 2, full: 15))
        }
    }
}
