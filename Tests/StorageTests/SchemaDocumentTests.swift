import Foundation
import GRDB
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct `Schema document` {
    @Test func `names every table and column, and none that there is not`() throws {
        let file = ReferenceProgram.root.appending(path: "docs/schema.md")
        let sections = try String(contentsOf: file, encoding: .utf8)
            .components(separatedBy: "\n## ").dropFirst()
        var described: [String: String] = [:]
        for section in sections {
            let lines = section.split(separator: "\n", maxSplits: 1)
            described[String(lines[0])] = String(lines[1])
        }
        let database = try DatabaseQueue()
        try Migrations.migrator.migrate(database)
        let columns = try database.read { db in
            let tables = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM sqlite_master
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != 'grdb_migrations'
                    """)
            return try Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    (table, Set(try db.columns(in: table).map(\.name)))
                })
        }
        #expect(Set(described.keys) == Set(columns.keys))
        for (table, names) in columns {
            let text = described[table] ?? ""
            let missing = names.filter { !text.contains("`\($0)`") }
            #expect(missing.isEmpty, "\(table) lacks \(missing.sorted())")
        }
    }
}
