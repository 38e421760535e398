import GRDB
import MarketModel

/// Acknowledges episodes and undoes it, each change with a row of history, in one transaction.
enum Acknowledging {
    static func acknowledge(
        _ db: Database, _ episodeID: String, by: String, at: Timestamp, note: String
    ) throws -> EpisodeReading? {
        guard let reading = try EpisodeReading.fetch(db, id: episodeID) else { return nil }
        if reading.isAcknowledged { return reading }
        let acknowledgement = Acknowledgement(
            episodeID: episodeID, by: by, at: at, note: note, severity: reading.episode.severity)
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO acknowledgements (episode_id, by, at, note, severity)
                    VALUES (?,?,?,?,?)
                    """,
                arguments: [
                    episodeID, by, at.nanoseconds, note, acknowledgement.severity.rawValue,
                ])
            try writeHistory(db, "acknowledged", acknowledgement)
            return .commit
        }
        return try EpisodeReading.fetch(db, id: episodeID)
    }

    static func undo(
        _ db: Database, _ episodeID: String, by: String, at: Timestamp
    ) throws -> EpisodeReading? {
        guard let reading = try EpisodeReading.fetch(db, id: episodeID) else { return nil }
        guard var undone = reading.acknowledgement else { return reading }
        undone.by = by
        undone.at = at
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: "DELETE FROM acknowledgements WHERE episode_id = ?", arguments: [episodeID])
            try writeHistory(db, "undone", undone)
            return .commit
        }
        return try EpisodeReading.fetch(db, id: episodeID)
    }

    /// What another node tells, whether the episode is here or not.
    static func take(
        _ db: Database, _ told: Acknowledgement?, of episodeID: String, now: Timestamp
    ) throws {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM acknowledgements WHERE episode_id = ?",
            arguments: [episodeID])
        let known = row.flatMap { row in
            Severity(rawValue: row["severity"]).map { severity in
                Acknowledgement(
                    episodeID: episodeID, by: row["by"], at: Timestamp(row: row, "at"),
                    note: row["note"], severity: severity)
            }
        }
        guard known != told else { return }
        try db.inTransaction(.immediate) {
            if let told {
                try db.execute(
                    sql: """
                        INSERT OR REPLACE INTO acknowledgements (episode_id, by, at, note, severity)
                        VALUES (?,?,?,?,?)
                        """,
                    arguments: [
                        episodeID, told.by, told.at.nanoseconds, told.note,
                        told.severity.rawValue,
                    ])
                try writeHistory(db, "acknowledged", told)
            } else if var undone = known {
                undone.by = "another node"
                undone.at = now
                try db.execute(
                    sql: "DELETE FROM acknowledgements WHERE episode_id = ?",
                    arguments: [episodeID])
                try writeHistory(db, "undone", undone)
            }
            return .commit
        }
    }

    private static func writeHistory(
        _ db: Database, _ action: String, _ change: Acknowledgement
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO acknowledgement_history (episode_id, action, by, at, note, severity)
                VALUES (?,?,?,?,?,?)
                """,
            arguments: [
                change.episodeID, action, change.by, change.at.nanoseconds, change.note,
                change.severity.rawValue,
            ])
    }
}
