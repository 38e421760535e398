import GRDB

/// The store's tables, version by version. A migration that has shipped is never changed.
///
/// Prices, sizes and times are integers in the units of their types. Volumes and notionals are
/// integers while they fit in 64 bits, else decimal text (`WideInteger`). Positions are (epoch,
/// byte_offset, event_index). Hot tables name tickers by `symbols.id`; small ones by their text.
enum Migrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 market") { db in
            for statement in marketTables { try db.execute(sql: statement) }
        }
        migrator.registerMigration("1 news and episodes") { db in
            for statement in readingTables { try db.execute(sql: statement) }
        }
        migrator.registerMigration("1 log") { db in
            for statement in logTables { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2 news correlation") { db in
            for column in newsColumns {
                try db.execute(sql: "ALTER TABLE news ADD COLUMN \(column)")
            }
        }
        migrator.registerMigration("2 signals") { db in
            for statement in signalTables { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2 model version") { db in
            try db.execute(sql: "ALTER TABLE features ADD COLUMN model_version INTEGER")
        }
        migrator.registerMigration("3 dead letter retries") { db in
            for statement in retryChanges { try db.execute(sql: statement) }
        }
        migrator.registerMigration("3 dead letters told") { db in
            for statement in tellingChanges { try db.execute(sql: statement) }
        }
        migrator.registerMigration("3 partitions") { db in
            for statement in partitionTables { try db.execute(sql: statement) }
        }
        migrator.registerMigration("4 reference") { db in
            for statement in ReferenceRows.tables { try db.execute(sql: statement) }
        }
        return migrator
    }

    /// A letter that is neither archived nor resolved is open.
    private static let retryChanges = [
        "ALTER TABLE dead_letters ADD COLUMN retries INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE dead_letters ADD COLUMN retried_at INTEGER",
        "ALTER TABLE dead_letters ADD COLUMN is_resolved INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX dead_letters_waiting",
        """
        CREATE INDEX dead_letters_open ON dead_letters (epoch, byte_offset, event_index)
        WHERE is_archived = 0 AND is_resolved = 0
        """,
    ]

    /// Of what an earlier version refused nobody is told now.
    private static let tellingChanges = [
        "ALTER TABLE dead_letters ADD COLUMN told_at INTEGER",
        "UPDATE dead_letters SET told_at = received_at",
        """
        CREATE INDEX dead_letters_untold ON dead_letters (epoch, byte_offset, event_index)
        WHERE told_at IS NULL AND is_resolved = 0
        """,
    ]

    /// What was found out of an article besides its headline's score.
    private static let newsColumns = [
        "summary_compound REAL", "summary_positive REAL", "summary_neutral REAL",
        "summary_negative REAL", "correlation_strength TEXT", "volume_zscore REAL",
    ]

    /// Trades, quotes and features lie in the order of their seconds, so that inserts go to the
    /// end, the trades of one second of one ticker lie together, and the oldest go in one piece. No
    /// second index: it would cost more than the row. `active_minutes` tells a reader where a quiet
    /// ticker's rows are.
    private static let marketTables = [
        "CREATE TABLE symbols (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        """
        CREATE TABLE trades (
            second INTEGER NOT NULL, symbol_id INTEGER NOT NULL, sequence INTEGER NOT NULL,
            source INTEGER NOT NULL, epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL,
            event_index INTEGER NOT NULL, nanosecond INTEGER NOT NULL, price INTEGER NOT NULL,
            size INTEGER NOT NULL, conditions INTEGER NOT NULL, trade_id INTEGER NOT NULL,
            exchange INTEGER NOT NULL, aggressor INTEGER NOT NULL, received_at INTEGER NOT NULL,
            is_late INTEGER NOT NULL,
            PRIMARY KEY (second, symbol_id, sequence, source, epoch, byte_offset, event_index)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE INDEX trades_late ON trades (symbol_id, epoch, byte_offset, event_index)
        WHERE is_late = 1
        """,
        """
        CREATE TABLE active_minutes (
            symbol_id INTEGER NOT NULL, minute INTEGER NOT NULL, epoch INTEGER NOT NULL,
            byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL,
            PRIMARY KEY (symbol_id, minute)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE quotes (
            second INTEGER NOT NULL, symbol_id INTEGER NOT NULL, source INTEGER NOT NULL,
            \(quoteColumns), PRIMARY KEY (second, symbol_id, source)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE last_quotes (
            second INTEGER NOT NULL, symbol_id INTEGER PRIMARY KEY, source INTEGER NOT NULL,
            \(quoteColumns)
        ) STRICT
        """,
        """
        CREATE TABLE bars (
            symbol_id INTEGER NOT NULL, seconds INTEGER NOT NULL, start INTEGER NOT NULL,
            open INTEGER, high INTEGER, low INTEGER, close INTEGER, volume ANY NOT NULL,
            notional ANY NOT NULL, trade_count INTEGER NOT NULL, revision INTEGER NOT NULL,
            is_final INTEGER NOT NULL, is_reference INTEGER NOT NULL,
            PRIMARY KEY (symbol_id, seconds, start)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE features (
            second INTEGER NOT NULL, symbol_id INTEGER NOT NULL, nanosecond INTEGER NOT NULL,
            epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL,
            price INTEGER, size INTEGER NOT NULL, volume_zscore REAL, price_momentum REAL,
            vwap_deviation REAL, trade_frequency REAL, vwap_1min INTEGER, vwap_5min INTEGER,
            spread INTEGER,
            PRIMARY KEY (second, symbol_id)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let quoteColumns = """
        nanosecond INTEGER NOT NULL, bid INTEGER NOT NULL, ask INTEGER NOT NULL,
        bid_size INTEGER NOT NULL, ask_size INTEGER NOT NULL, sequence INTEGER NOT NULL,
        has_exchange_time INTEGER NOT NULL, received_at INTEGER NOT NULL, epoch INTEGER NOT NULL,
        byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL
        """

    private static let readingTables = [
        """
        CREATE TABLE episodes (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, symbol TEXT, severity INTEGER NOT NULL,
            first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, hits INTEGER NOT NULL,
            worst_score REAL, features TEXT, explanation TEXT NOT NULL, is_open INTEGER NOT NULL,
            epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX episodes_by_time ON episodes (last_at)",
        "CREATE INDEX episodes_by_symbol ON episodes (symbol, last_at)",
        """
        CREATE TABLE acknowledgements (
            episode_id TEXT PRIMARY KEY, by TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
            severity INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE acknowledgement_history (
            id INTEGER PRIMARY KEY, episode_id TEXT NOT NULL, action TEXT NOT NULL,
            by TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL, severity INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE INDEX acknowledgement_history_by_episode
        ON acknowledgement_history (episode_id, id)
        """,
        """
        CREATE TABLE news (
            source INTEGER NOT NULL, article_id TEXT NOT NULL, symbol TEXT NOT NULL,
            headline TEXT NOT NULL, summary TEXT NOT NULL, publisher TEXT NOT NULL,
            url TEXT NOT NULL, published_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
            epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL,
            compound REAL, positive REAL, neutral REAL, negative REAL,
            PRIMARY KEY (source, article_id, symbol)
        ) STRICT
        """,
        "CREATE INDEX news_by_time ON news (published_at)",
        "CREATE INDEX news_by_symbol ON news (symbol, published_at)",
    ]

    private static let signalTables = [
        """
        CREATE TABLE signals (
            symbol TEXT NOT NULL, seconds INTEGER NOT NULL, bar_start INTEGER NOT NULL,
            kind TEXT NOT NULL, at INTEGER NOT NULL, close INTEGER NOT NULL, value REAL NOT NULL,
            reference REAL NOT NULL, epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL,
            event_index INTEGER NOT NULL,
            UNIQUE (symbol, seconds, bar_start, kind)
        ) STRICT
        """,
        "CREATE INDEX signals_by_time ON signals (at)",
        "CREATE INDEX signals_by_symbol ON signals (symbol, at)",
    ]

    /// Of a log in partitions: how far each has been stored, and its own totals.
    private static let partitionTables = [
        """
        CREATE TABLE partition_marks (
            partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL,
            event_index INTEGER NOT NULL, newest_offset INTEGER, newest_hash INTEGER,
            newest_producer INTEGER, newest_sequence INTEGER, newest_at INTEGER, producers TEXT
        ) STRICT
        """,
        """
        CREATE TABLE partition_counts (
            partition INTEGER NOT NULL, source INTEGER NOT NULL, received INTEGER NOT NULL,
            applied INTEGER NOT NULL, duplicate INTEGER NOT NULL, late INTEGER NOT NULL,
            dead_lettered INTEGER NOT NULL, shed INTEGER NOT NULL,
            PRIMARY KEY (partition, source)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE partition_ignored_types (
            partition INTEGER NOT NULL, type TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (partition, type)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let logTables = [
        """
        CREATE TABLE dead_letters (
            epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL,
            source INTEGER NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL,
            field TEXT NOT NULL, symbol TEXT, raw BLOB NOT NULL,
            is_archived INTEGER NOT NULL DEFAULT 0,
            UNIQUE (epoch, byte_offset, event_index)
        ) STRICT
        """,
        """
        CREATE INDEX dead_letters_waiting ON dead_letters (epoch, byte_offset, event_index)
        WHERE is_archived = 0
        """,
        "CREATE INDEX dead_letters_by_time ON dead_letters (received_at)",
        """
        CREATE TABLE gaps (
            epoch INTEGER NOT NULL, byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL,
            kind TEXT NOT NULL, source INTEGER NOT NULL, symbol TEXT NOT NULL,
            from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, first_missing INTEGER NOT NULL,
            last_missing INTEGER NOT NULL,
            PRIMARY KEY (epoch, byte_offset, event_index, kind, source, symbol, first_missing)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE source_counts (
            source INTEGER PRIMARY KEY, received INTEGER NOT NULL, applied INTEGER NOT NULL,
            duplicate INTEGER NOT NULL, late INTEGER NOT NULL, dead_lettered INTEGER NOT NULL,
            shed INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE TABLE ignored_types (type TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE committed (
            id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL,
            byte_offset INTEGER NOT NULL, event_index INTEGER NOT NULL, engine_time INTEGER,
            received_at_last INTEGER
        ) STRICT
        """,
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ]
}
