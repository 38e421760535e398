import Foundation
import TestSupport
import Testing

extension WholePath {
    /// A demo market of three tickers with room for two: what the third sends is refused, and
    /// passes once there is room.
    @Suite struct `Dead letters` {
        private let scratch: Scratch
        private let store: StoreUnderTest

        init() throws {
            scratch = try Scratch()
            store = StoreUnderTest(scratch.path("store"))
        }

        /// Nothing is taken up by itself, unless a test says otherwise.
        private func environment(room: Int, retryMinutes: String = "0") -> [String: String] {
            [
                "TICKTOP_ANALYTICS_SYMBOLS_MAX": String(room),
                "TICKTOP_DEAD_LETTERS_RETRY_MINUTES": retryMinutes,
                "TICKTOP_FEED_EVENTS_PER_SECOND": "60",
                "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
            ]
        }

        private func serve(room: Int, retryMinutes: String = "0") throws -> ProgramUnderTest {
            let program = try ProgramUnderTest(
                ["serve", "AAPL", "MSFT", "NVDA", "--store", store.directory, "--port", "0"],
                in: scratch.url, environment: environment(room: room, retryMinutes: retryMinutes))
            _ = try SidePortUnderTest(ofStore: store.directory, heldBy: program.pid)
            return program
        }

        private func command(_ arguments: String...) throws -> ProgramUnderTest.Outcome {
            try ProgramUnderTest.run(
                ["dead-letters"] + arguments + ["--store", store.directory], in: scratch.url,
                environment: environment(room: 20))
        }

        private func stop(_ program: ProgramUnderTest) throws {
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
        }

        private func letters(_ condition: String) throws -> Int {
            try store.count("select count(*) from dead_letters where \(condition)")
        }

        private func id(_ order: String) throws -> String {
            let row = try store.rows(
                "select epoch || '.' || byte_offset || '.' || event_index from dead_letters "
                    + "where is_resolved = 0 order by epoch, byte_offset, event_index \(order)")
            return row.first?.first as? String ?? ""
        }

        /// A life with too little room, until there are letters; then it ends as it should.
        private func makeLetters(_ count: Int) throws {
            let program = try serve(room: 2)
            #expect(try Proof.eventually { try letters("1") >= count })
            try stop(program)
        }

        private func expectEachOnce() throws {
            #expect(try letters("is_resolved = 0") == 0)
            let counts =
                try store.rows(
                    "select received, applied + late, duplicate from source_counts where source = 5"
                ).first?.compactMap { $0 as? Int } ?? []
            let all = try letters("1")
            let duplicates = counts.last ?? 0
            #expect(counts == [all + duplicates, all, duplicates])
            let trades = try letters("cast(raw as text) like '%\"ev\":\"T\"%'")
            #expect(try store.count("select count(*) from trades where source = 5") == trades)
            #expect(trades > 0)
        }

        @Test func `are taken up by a running instance, each once, though it is killed meanwhile`()
            throws
        {
            try makeLetters(20)
            let first = try serve(room: 20)
            let one = try id("limit 1")
            for _ in 0..<2 {
                let asked = try command("retry", one)
                #expect(asked.status == 0 && asked.output.contains("resolved, taken up again 1 "))
            }
            #expect(try command("show", one).errors.contains("resolved, taken up again once"))
            #expect(try command("retry", "7.0.0").status != 0)
            #expect(try command("retry", "--all").status == 0)
            first.kill(SIGKILL)
            _ = try first.waitForEnd()
            let second = try serve(room: 20)
            for _ in 0..<2 { #expect(try command("retry", "--all").status == 0) }
            #expect(try Proof.eventually { try letters("is_resolved = 0") == 0 })
            try stop(second)
            try expectEachOnce()
        }

        @Test func `are taken up under the store's lock when nothing runs`() throws {
            try makeLetters(5)
            let kept = try id("desc limit 1")
            let archived = try command("archive", kept)
            #expect(archived.status == 0 && archived.output.contains("archived"))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: store.directory + "/dead-letters")
            let line = try String(
                contentsOfFile: store.directory + "/dead-letters/" + (files.first ?? ""),
                encoding: .utf8)
            #expect(files.count == 1 && line.contains("\"id\":\"\(kept)\""))
            #expect(try !command("list").output.contains(kept))
            let again = try command("retry", kept)
            #expect(again.status == 0 && again.output.contains("resolved, taken up again once"))
            #expect(try command("retry", "--all").status == 0)
            try expectEachOnce()
            try stop(try serve(room: 20))
            try expectEachOnce()
        }

        @Test func `are taken up by themselves when it is time`() throws {
            try makeLetters(5)
            let program = try serve(room: 20, retryMinutes: "0.01")
            #expect(try Proof.eventually { try letters("is_resolved = 0") == 0 })
            try stop(program)
            try expectEachOnce()
        }
    }
}
