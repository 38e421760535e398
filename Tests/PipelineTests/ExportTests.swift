import Foundation
import TestSupport
import Testing

extension WholePath {
    /// `ticktop export` on the store of a demo market, beside it and after it.
    @Suite struct `What is stored` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private static let tables = [
            "trades", "quotes", "bars", "features", "anomalies", "news", "signals", "dead-letters",
        ]

        private func export(_ arguments: [String]) throws -> ProgramUnderTest.Outcome {
            try ProgramUnderTest.run(
                ["export"] + arguments + ["--store", scratch.path("store")], in: scratch.url)
        }

        /// A store with some seconds of the demo market, exported once while it was being filled.
        private func fill() throws {
            let program = try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", "0"], in: scratch.url,
                environment: ["TICKTOP_RULES_VELOCITY_PERCENT": "0.02"])
            let store = StoreUnderTest(scratch.path("store"))
            _ = try SidePortUnderTest(ofStore: scratch.path("store"), heldBy: program.pid)
            let isFilled = try Proof.eventually {
                try store.count("select count(*) from trades") > 500
                    && store.count("select count(*) from features") > 20
                    && store.count("select count(*) from episodes") > 0
            }
            #expect(isFilled)
            let beside = try export(["trades", "--format", "ndjson"])
            #expect(beside.status == 0, "\(beside.errors)")
            #expect(beside.output.split(separator: "\n").count > 500)
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
        }

        @Test func `is the same in every format, and what SQL says`() throws {
            try fill()
            for table in Self.tables {
                for format in ["csv", "json", "ndjson", "parquet"] {
                    let end = try export([
                        table, "--out", scratch.path("\(table).\(format)"), "--interval", "1s",
                    ])
                    #expect(end.status == 0 && end.output.isEmpty, "\(table): \(end.errors)")
                }
            }
            let answer = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/compare_exports.py",
                [scratch.url.path, scratch.path("store") + "/market.sqlite"] + Self.tables)
            let counts = try JSONDecoder().decode([String: Int].self, from: answer)
            #expect(counts.count == Self.tables.count)
            for table in ["trades", "quotes", "bars", "features", "anomalies", "news"] {
                #expect(counts[table] ?? 0 > 0, "\(table)")
            }
        }

        @Test func `goes to nobody who cannot have it`() throws {
            let none = try export(["trades"])
            #expect(none.status != 0 && none.errors.contains("there is no store at"))
            try fill()
            let file = scratch.path("there.csv")
            try Data("mine\n".utf8).write(to: URL(filePath: file))
            let kept = try export(["trades", "--out", file])
            #expect(kept.status != 0 && kept.errors.contains("never overwrites"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine\n")
            let span = try export(["bars", "--from", "yesterday"])
            #expect(span.status != 0 && span.errors.contains("2026-01-02"))
            let one = try export(["trades", "NVDA", "--to", "2001-01-01"])
            #expect(one.status == 0 && one.output.split(separator: "\r\n").count == 1)
        }
    }
}
