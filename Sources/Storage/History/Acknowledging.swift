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
