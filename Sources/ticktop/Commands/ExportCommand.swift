import ArgumentParser
import Export
import Foundation
import MarketModel
import Storage
import TicktopConfiguration

/// `ticktop export`: what is stored, as a file for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what is stored as CSV, JSON, NDJSON or Parquet.",
        discussion: """
            Reads the store beside a running ticktop, the oldest rows first. Prices and sizes are \
            exact decimals, in Parquet too; what is missing is empty in CSV and null elsewhere.

              ticktop export trades NVDA --format parquet --out nvda.parquet
              ticktop export bars --interval 5m --from 2026-01-02T14:30:00Z > bars.csv
              ticktop export anomalies --format ndjson
            """)

    @Argument(
        help: .init(
            "What to write: "
                + StoredTable.allCases.map(\.rawValue).joined(separator: ", ") + "."))
    var what: StoredTable

    @Argument(help: "These tickers only.")
    var tickers: [String] = []

    @Option(help: "csv, json, ndjson or parquet. Default: the ending of --out, else csv.")
    var format: TableFormat?

    @Option(help: "The file to write, which must not be there yet. Default: standard output.")
    var out: String?

    @Option(help: "Nothing older: 2026-01-02, or a moment such as 2026-01-02T14:30:00Z.")
    var from: String?

    @Option(help: "Only what is older than this.")
    var to: String?

    @Option(help: "The bars' length: 1s, 1m, 5m, 15m, 1h or 1d.")
    var interval = "1m"

    @Option(help: "The store's directory. Default: see `ticktop config paths`.")
    var store: String?

    @Option(help: "The configuration file.")
    var config: String?

    func validate() throws {
        _ = try (span(), barInterval())
    }

    func run() throws {
        let (span, interval) = try (span(), barInterval())
        let overrides = store.map {
            [ConfigurationSources.Override("store.path", $0, flag: "--store")]
        }
        let surroundings = try Surroundings(file: config, overrides: overrides ?? [])
        let paths = StorePaths(root: surroundings.settings.store.path)
        guard FileManager.default.fileExists(atPath: paths.database) else {
            throw CommandFailure(
                "there is no store at \(paths.root): start ticktop once, or give --store")
        }
        let history = try StoredHistory.readOnly(paths)
        let count = try write(history, span, interval)
        try history.close()
        complain("\(count) rows of \(what.rawValue)" + (out.map { " in \($0)" } ?? ""))
    }

    private func write(_ history: StoredHistory, _ span: StoredSpan, _ interval: BarInterval)
        throws -> Int
    {
        let ending = out.map { URL(filePath: $0).pathExtension }
        let format = format ?? ending.flatMap { TableFormat(rawValue: $0) } ?? .csv
        if format == .parquet, out == nil, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("Parquet is nothing for a terminal: give --out FILE")
        }
        let file = try ExportFile(out)
        var count = 0
        do {
            var table = TableWriter(format, columns: what.columns) { try file.write($0) }
            try what.eachRow(in: history, span, interval: interval) { row in
                try table.append(row)
                count += 1
            }
            try table.finish()
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        return count
    }

    private func barInterval() throws -> BarInterval {
        guard let interval = BarInterval(name: interval) else {
            throw ValidationError("--interval takes 1s, 1m, 5m, 15m, 1h or 1d, not \(interval)")
        }
        return interval
    }

    private func span() throws -> StoredSpan {
        var symbols: Set<Symbol> = []
        for name in tickers {
            guard let symbol = Symbol(name) else {
                throw ValidationError("\(name) is no ticker")
            }
            symbols.insert(symbol)
        }
        return StoredSpan(
            symbols: symbols.isEmpty ? nil : symbols, from: try moment(from, "--from"),
            to: try moment(to, "--to"))
    }

    private func moment(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        let whole = text.count == 10 ? text + "T00:00:00Z" : text
        guard let moment = Timestamp(rfc3339: whole) else {
            throw ValidationError(
                "\(option) takes a day such as 2026-01-02 or a moment such as "
                    + "2026-01-02T14:30:00Z, not \(text)")
        }
        return moment
    }
}

extension StoredTable: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}
