import Engine
import Foundation
import MarketModel

/// What `e` writes to a file: the snapshot on the screen, or the screen itself.
struct SnapshotExport: Sendable {
    let format: ExportFormat
    let market: MarketSnapshot
    let status: PipelineStatus
    let episodes: [EpisodeReading]
    /// The tickers shown, in their order.
    let rows: [Symbol]
    let picture: CellGrid
    let at: Timestamp

    enum Failure: Error, Equatable, CustomStringConvertible {
        case notWritable(directories: [String])
        case writing(path: String, code: Int32)

        var description: String {
            switch self {
            case .notWritable(let directories):
                "cannot write to \(directories.joined(separator: " or "))"
            case .writing(let path, let code):
                "\(path): \(String(cString: strerror(code)))"
            }
        }
    }

    /// To the working directory, else to `$XDG_DATA_HOME/ticktop`; returns the path. Never
    /// overwrites.
    func write() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "/tmp"
        let dataHome = environment["XDG_DATA_HOME"] ?? home + "/.local/share"
        let fallback = dataHome + "/ticktop"
        let working = FileManager.default.currentDirectoryPath
        if let path = try write(to: working) { return path }
        try FileManager.default.createDirectory(
            atPath: fallback, withIntermediateDirectories: true)
        if let path = try write(to: fallback) { return path }
        throw Failure.notWritable(directories: [working, fallback])
    }

    /// `nil` where the directory takes no new file.
    func write(to directory: String) throws -> String? {
        let stamp = at.description.prefix(19).replacing(":", with: "").replacing("-", with: "")
        for attempt in 1...99 {
            let suffix = attempt == 1 ? "" : "-\(attempt)"
            let path = "\(directory)/ticktop-\(stamp)Z\(suffix).\(format.rawValue)"
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else { return nil }
            defer { close(file) }
            try fill(file, path)
            return path
        }
        return nil
    }

    private func fill(_ file: Int32, _ path: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .writing(path: path, code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    var text: String {
        switch format {
        case .json: json
        case .csv: csv
        case .txt: picture.plainText
        case .html: picture.html
        }
    }

    // MARK: - Figures

    /// Name and exact decimal of each figure; `nil` is missing. Names as in the API.
    private func figures(_ symbol: Symbol) -> [(name: String, value: String?)] {
        let ticker = market.ticker(symbol)
        let figures = ticker?.figures ?? RollingFigures()
        let quote = ticker?.quote
        return [
            ("price", figures.price?.description), ("change", figures.change?.description),
            ("change_pct", number(figures.changePercent)),
            ("bid", quote.flatMap { $0.bid.units == 0 ? nil : $0.bid.description }),
            ("ask", quote.flatMap { $0.ask.units == 0 ? nil : $0.ask.description }),
            ("volume_session", ticker == nil ? nil : figures.sessionVolume.description),
            ("vwap_1min", figures.vwapOneMinute?.description),
            ("vwap_5min", figures.vwapFiveMinutes?.description),
            ("vwap_session", figures.vwapSession?.description),
            ("rolling_avg_5min", figures.rollingAverageFiveMinutes?.description),
            ("volume_zscore", number(figures.volumeZScore)),
            ("price_momentum", number(figures.priceMomentum)),
            ("trade_frequency", number(figures.tradeFrequency)),
            ("bid_ask_spread", figures.spread?.description),
            ("bid_ask_spread_bps", number(figures.spreadBasisPoints)),
            ("vwap_deviation", number(figures.vwapDeviation)),
            ("velocity_5s", number(figures.velocityFiveSeconds)),
        ]
    }

    /// `nil` for what JSON has no number for.
    private func number(_ value: Double?) -> String? {
        value.flatMap { $0.isFinite ? String($0) : nil }
    }

    private var csv: String {
        var lines = [
            (["ticker"] + figures("A").map(\.name) + ["change_basis", "received_at"]).joined(
                separator: ",")
        ]
        for symbol in rows {
            let ticker = market.ticker(symbol)
            let cells =
                [symbol.description] + figures(symbol).map { $0.value ?? "" } + [
                    ticker?.figures.changeBasis?.rawValue ?? "",
                    ticker?.receivedAt?.description ?? "",
                ]
            lines.append(cells.map(quotedForCSV).joined(separator: ","))
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// RFC 4180; a leading `=` stays text in spreadsheets because tickers are the only foreign
    /// words here.
    private func quotedForCSV(_ text: String) -> String {
        text.contains { ",\"\r\n".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private var json: String {
        let tickers = rows.map { symbol in
            let ticker = market.ticker(symbol)
            let fields =
                [("ticker", JSONText.string(symbol.description))]
                + figures(symbol).map { ($0.name, $0.value ?? "null") } + [
                    ("change_basis", JSONText.string(ticker?.figures.changeBasis?.rawValue)),
                    ("received_at", JSONText.string(ticker?.receivedAt?.description)),
                ]
            return JSONText.object(fields)
        }
        let counts = market.counts.map { tally in
            JSONText.object([
                ("source", JSONText.string(tally.source.name)),
                ("received", String(tally.counts.received)),
                ("applied", String(tally.counts.applied)),
                ("duplicate", String(tally.counts.duplicate)),
                ("late", String(tally.counts.late)),
                ("dead_lettered", String(tally.counts.deadLettered)),
                ("shed", String(tally.counts.shed)),
            ])
        }
        return JSONText.object([
            ("exported_at", JSONText.string(at.description)),
            (
                "taken_at",
                JSONText.string(market.takenAt == .distantPast ? nil : market.takenAt.description)
            ),
            ("position", JSONText.string(market.position.description)),
            ("feed", JSONText.string(status.label.rawValue)),
            ("tickers", JSONText.list(tickers)), ("counts", JSONText.list(counts)),
            ("episodes", JSONText.list(episodes.map(episode))),
        ]) + "\n"
    }

    private func episode(_ reading: EpisodeReading) -> String {
        let episode = reading.episode
        return JSONText.object([
            ("id", JSONText.string(episode.id)), ("kind", JSONText.string(episode.kind.rawValue)),
            ("ticker", JSONText.string(episode.symbol?.description)),
            ("severity", JSONText.string(episode.severity.name)),
            ("first_at", JSONText.string(episode.firstAt.description)),
            ("last_at", JSONText.string(episode.lastAt.description)),
            ("hits", String(episode.hits)), ("worst_score", number(episode.worstScore) ?? "null"),
            ("explanation", JSONText.string(episode.explanation)),
            ("open", String(episode.isOpen)),
            ("acknowledged_by", JSONText.string(reading.acknowledgement?.by)),
            ("acknowledged_at", JSONText.string(reading.acknowledgement?.at.description)),
        ])
    }
}

/// JSON out of parts that are JSON already: prices keep every digit, which no binary float would.
private enum JSONText {
    static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { string($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
    }

    static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// `null` for `nil`.
    static func string(_ text: String?) -> String {
        guard let text else { return "null" }
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}
