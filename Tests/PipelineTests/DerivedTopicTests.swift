import Foundation
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// An ingest, an engine that tells derived topics, and readers of these, around a real broker.
    @Suite struct `Derived topics` {
        private let scratch: Scratch
        private let store: StoreUnderTest
        private let broker: TestBroker
        private var port: Int { broker.port }

        init() throws {
            scratch = try Scratch()
            store = StoreUnderTest(scratch.path("store"))
            broker = try TestBroker()
        }

        private func environment(_ more: [String: String] = [:]) -> [String: String] {
            [
                "TICKTOP_KAFKA_BROKERS": "127.0.0.1:\(port)", "TICKTOP_KAFKA_PARTITIONS": "3",
                "TICKTOP_KAFKA_DERIVED": "true", "TICKTOP_KAFKA_ASSIGNMENT": "alone",
                "TICKTOP_FEED_EVENTS_PER_SECOND": "100",
                "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
                "TICKTOP_RULES_VELOCITY_PERCENT": "0.01",
                "TICKTOP_ANALYTICS_SYMBOLS_MAX": "1",
                "TICKTOP_DEAD_LETTERS_ATTEMPT_SECONDS": "0.2",
            ].merging(more) { $1 }
        }

        private func ingest() throws -> ProgramUnderTest {
            try ProgramUnderTest(
                [
                    "ingest", "AAPL", "MSFT", "NVDA", "AMZN", "TSLA", "--journal",
                    scratch.path("ingest"),
                ], in: scratch.url, environment: environment())
        }

        private func engine(_ more: [String: String] = [:]) throws -> ProgramUnderTest {
            try ProgramUnderTest(
                ["serve", "--feed", "kafka", "--store", store.directory, "--port", "0"],
                in: scratch.url, environment: environment(more))
        }

        private func report() throws -> [String: Any] {
            let text = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/derived_topics.py", ["127.0.0.1:\(port)"])
            return try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
        }

        private func stop(_ program: ProgramUnderTest) throws {
            program.kill(SIGTERM)
            let end = try program.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
        }

        /// Bars as the store has them, the way the report writes them.
        private func storedBars() throws -> [String] {
            let names = [
                1: "1s", 60: "1m", 300: "5m", 900: "15m", 3600: "1h", 86_400: "1d",
            ]
            return try store.rows(
                "select name, seconds, start, revision, volume, trade_count from bars "
                    + "join symbols on id = symbol_id where is_final = 1 and is_reference = 0"
            ).compactMap { row in
                guard row.count == 6, let ticker = row[0] as? String, let seconds = row[1] as? Int,
                    let start = row[2] as? Int, let volume = row[4] as? Int
                else { return nil }
                let moment = Timestamp(nanoseconds: Int64(start)).description.prefix(19)
                return "\(ticker) \(names[seconds] ?? "?") \(moment).000000000Z r\(row[3]) "
                    + "\(volume) \(row[5])"
            }.sorted()
        }

        @Test func `hold each id once after removing repeats, though the engine is killed`() throws
        {
            let source = try ingest()
            for _ in 0..<2 {
                let engine = try self.engine()
                let before = try storedTrades()
                #expect(try Proof.eventually { try storedTrades() > before + 60 })
                engine.kill(SIGKILL)
                _ = try engine.waitForEnd()
            }
            let last = try engine()
            let before = try storedTrades()
            #expect(try Proof.eventually { try storedTrades() > before + 60 })
            try stop(source)
            SystemClock.sleepThread(.seconds(2))
            try stop(last)
            let report = try self.report()
            for topic in ["aggregations", "bars", "anomalies", "sentiment"] {
                let found = try #require(report[topic] as? [String: Any])
                #expect(found["changed"] as? Int == 0, "\(topic)")
                #expect((found["broken"] as? [String])?.isEmpty == true, "\(found["broken"] ?? "")")
            }
            let figures = (report["aggregations"] as? [String: Any])?["figures"] as? Int
            #expect(try figures == store.count("select count(*) from features"))
            let told = (report["bars"] as? [String: Any])?["final"] as? [String] ?? []
            let volumes = try storedBars().map { $0.split(separator: " ") }
            let tellings = Set(told.map { $0.split(separator: " ")[0...3].joined(separator: " ") })
            for bar in volumes {
                #expect(tellings.contains(bar[0...3].joined(separator: " ")), "\(bar)")
            }
            #expect(!volumes.isEmpty)
            let anomalies = (report["anomalies"] as? [String: Any])?["anomalies"] as? [String]
            let stored = try store.rows(
                "select id from episodes where kind not in ('latency', 'stale_feed') order by id"
            ).compactMap { $0.first as? String }
            #expect(anomalies == stored.sorted() && !stored.isEmpty)
        }

        private func storedTrades() throws -> Int {
            guard FileManager.default.fileExists(atPath: store.database) else { return 0 }
            return try store.count("select count(*) from sqlite_master where name = 'trades'") == 0
                ? 0 : store.count("select count(*) from trades")
        }

        @Test func `and dead letters: told after three attempts, taken up through the log, once`()
            throws
        {
            let source = try ingest()
            let engine = try self.engine()
            #expect(
                try Proof.eventually {
                    try storedTrades() > 0
                        && store.count("select count(*) from dead_letters where told_at > 0") > 5
                })
            try stop(source)
            try stop(engine)
            let told = try report()["letters"] as? [String: [String: String]] ?? [:]
            let rows = try store.rows(
                "select epoch || '.' || byte_offset || '.' || event_index, retries, reason, "
                    + "cast(raw as text) from dead_letters where told_at > 0")
            #expect(told.count == rows.count && rows.count > 5)
            for row in rows {
                let letter = told[row[0] as? String ?? ""] ?? [:]
                #expect(letter["reason"] == "too_many_symbols")
                #expect(Int(letter["retries"] ?? "") ?? 0 >= 2)
                let raw = Data(base64Encoded: letter["raw"] ?? "") ?? Data()
                #expect(String(decoding: raw, as: UTF8.self) == row[3] as? String)
            }
            let alone = try ProgramUnderTest.run(
                ["dead-letters", "retry", "--all", "--store", store.directory], in: scratch.url)
            #expect(alone.status != 0 && alone.errors.contains("serve --feed kafka"))
            let wider = try self.engine(["TICKTOP_ANALYTICS_SYMBOLS_MAX": "100"])
            _ = try SidePortUnderTest(ofStore: store.directory, heldBy: wider.pid)
            for _ in 0..<2 {
                let asked = try ProgramUnderTest.run(
                    ["dead-letters", "retry", "--all", "--store", store.directory],
                    in: scratch.url, environment: environment())
                #expect(asked.status == 0, "\(asked.errors)")
            }
            #expect(
                try Proof.eventually(within: .seconds(30)) {
                    try store.count("select count(*) from dead_letters where is_resolved = 0") == 0
                })
            try stop(wider)
            let letters = try store.count("select count(*) from dead_letters")
            let passed = try store.count(
                "select applied + late from source_counts where source = 5")
            #expect(passed == letters && letters > 5)
        }

        private func names(
            _ port: SidePortUnderTest, _ path: String, _ list: String, _ name: String
        )
            async throws -> [String]
        {
            let rows = try await port.get(path).object()[list] as? [[String: Any]] ?? []
            return rows.compactMap { $0[name] as? String }
        }

        @Test func `show a viewer the whole market, and acknowledgements go both ways`()
            async throws
        {
            let source = try ingest()
            let engine = try self.engine(["TICKTOP_ANALYTICS_SYMBOLS_MAX": "100"])
            let viewer = try ProgramUnderTest(
                ["serve", "--feed", "kafka", "--store", scratch.path("viewer"), "--port", "0"],
                in: scratch.url, environment: environment(["TICKTOP_KAFKA_ROLE": "viewer"]))
            let there = try SidePortUnderTest(ofStore: store.directory, heldBy: engine.pid)
            let here = try SidePortUnderTest(ofStore: scratch.path("viewer"), heldBy: viewer.pid)
            for ticker in ["AAPL", "MSFT", "NVDA", "AMZN", "TSLA"] {
                #expect(
                    try await Proof.eventually {
                        let answer = try await here.get("/quotes/\(ticker)")
                        let quote = try answer.object()
                        return answer.status == 200 && quote["price"] is NSNumber
                            && quote["bid"] is NSNumber
                    }, "\(ticker)")
            }
            let critical = "/anomalies?severity=critical"
            var found: String?
            #expect(
                try await Proof.eventually {
                    let shown = try await names(here, critical, "anomalies", "id")
                    let known = try await names(there, critical, "anomalies", "id")
                    found = shown.first { known.contains($0) }
                    return found != nil
                })
            let id = try #require(found)
            let bars = "/api/v1/aggregated/AAPL?window=1s"
            #expect(
                try await Proof.eventually {
                    try await !names(here, bars, "bars", "start").isEmpty
                })
            #expect(
                try await Proof.eventually {
                    let answer = try await here.get("/api/v1/indicators/AAPL?interval=1s").object()
                    return answer["bar_count"] as? Int ?? 0 > 1
                })
            let features = try await here.get("/features/AAPL").object()
            #expect(features["origin"] as? String == "derived")
            #expect((features["model"] as? [String: Any])?["vectors_needed"] as? Int == 1000)
            let token = try ProgramUnderTest.run(["token"], in: scratch.url).output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            func acknowledged(_ port: SidePortUnderTest) async throws -> Bool {
                try await names(port, "/anomalies?acknowledged=true", "anomalies", "id")
                    .contains(id)
            }
            let taken = try await here.send("POST", "/anomalies/\(id)/ack", token: token)
            #expect(taken.status == 200, "\(taken.text)")
            #expect(try await Proof.eventually { try await acknowledged(there) })
            let undone = try await there.send("DELETE", "/anomalies/\(id)/ack", token: token)
            #expect(undone.status == 200, "\(undone.text)")
            #expect(try await Proof.eventually { try await !acknowledged(here) })
            for program in [source, viewer, engine] { try stop(program) }
        }
    }
}
