import Foundation
import TestSupport

/// A store that the program has left behind, read by Python's sqlite3 rather than by our own code.
struct StoreUnderTest {
    let directory: String

    init(_ directory: String) { self.directory = directory }

    var database: String { directory + "/market.sqlite" }

    /// The rows of a query.
    func rows(_ query: String) throws -> [[Any]] {
        let text = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/query_store.py", [database, query])
        return try JSONSerialization.jsonObject(with: text) as? [[Any]] ?? []
    }

    /// A query with one integer for an answer; 0 when there is none.
    func count(_ query: String) throws -> Int { try rows(query).first?.first as? Int ?? 0 }

    /// What a comparison of two stores leaves out, or confines itself to.
    struct Scope {
        /// `TABLE.COLUMN` or `*.COLUMN`.
        var ignoring: [String] = []
        var skipping: [String] = []
        /// The only tables to compare; empty for all.
        var only: [String] = []
        /// Conditions on rows: `TABLE=CONDITION`.
        var rows: [String] = []

        /// Two stores out of the same log: only what names the log differs, and what the wall clock
        /// made.
        static let sameLog = Scope(
            skipping: ["meta"], rows: ["episodes=kind not in ('latency', 'stale_feed')"])
    }

    /// Empty when both hold the same; else what differs.
    func differences(from other: StoreUnderTest, _ scope: Scope = Scope()) throws -> String {
        let answer = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/compare_tables.py",
            [database, other.database, "--report"]
                + option("--ignore", scope.ignoring) + option("--skip", scope.skipping)
                + option("--only", scope.only) + option("--where", scope.rows))
        let text = String(decoding: answer, as: UTF8.self)
        return text.hasPrefix("equal:") ? "" : text
    }

    private func option(_ name: String, _ values: [String]) -> [String] {
        values.isEmpty ? [] : [name] + values
    }
}
