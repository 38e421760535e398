import Export
import MarketModel

extension ExportTable {
    /// The rows as a Parquet file: moments as moments, exact figures as decimals.
    var parquet: [UInt8] {
        let kinds = columns.indices.map { index in kind(rows.map { $0[index] }) }
        let named = zip(columns, kinds).map { ExportColumn($0, $1) }
        var bytes: [UInt8] = []
        do {
            try withoutActuallyEscaping({ bytes += $0 }) { write in
                var table = TableWriter(.parquet, columns: named, write: write)
                for row in rows { try table.append(zip(row, kinds).map { $0.value(as: $1) }) }
                try table.finish()
            }
        } catch {
            preconditionFailure("a table on the screen does not fit its own columns: \(error)")
        }
        return bytes
    }

    /// What all of a column's cells are.
    private func kind(_ cells: [Cell]) -> ExportColumn.Kind {
        let present = cells.filter { $0 != .missing }
        if present.contains(where: { $0.isNumber }) { return .double }
        let texts = present.compactMap { $0.text }
        guard texts.isEmpty else {
            return texts.allSatisfy { Timestamp(rfc3339: $0) != nil } ? .timestamp : .text
        }
        let isTruth = !present.isEmpty && present.allSatisfy { ["true", "false"].contains($0.csv) }
        return isTruth ? .boolean : .decimal(places: Price.decimalPlaces)
    }
}

extension ExportTable.Cell {
    fileprivate var isNumber: Bool {
        if case .number = self { true } else { false }
    }

    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// What is not of the column's kind, such as a decimal beyond the range, is missing.
    fileprivate func value(as kind: ExportColumn.Kind) -> ExportValue {
        switch (self, kind) {
        case (.missing, _): .missing
        case (.text(let text), .timestamp):
            Timestamp(rfc3339: text).map { .timestamp($0.nanoseconds) } ?? .missing
        case (_, .text): .text(text ?? csv)
        case (.number(let value), .double): .double(value)
        case (.plain(let text), .double): Double(text).map { .double($0) } ?? .missing
        case (.plain(let text), .boolean): .boolean(text == "true")
        case (.plain(let text), .decimal(let places)): Self.decimal(text, places: places)
        default: .missing
        }
    }

    /// Sums of sizes are wider than a price.
    private static func decimal(_ text: String, places: Int) -> ExportValue {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        guard fraction.count <= places,
            let units = Int128(
                parts[0] + fraction + String(repeating: "0", count: places - fraction.count))
        else { return .missing }
        return .decimal(units)
    }
}
