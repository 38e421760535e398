/// Writes a table row by row, never holding more than a part of it.
public struct TableWriter {
    private let format: TableFormat
    private let columns: [ExportColumn]
    private let write: ([UInt8]) throws -> Void
    private var parquet: ParquetWriter?
    private var buffer: [UInt8] = []
    private var rowCount = 0

    private static let bufferBytes = 1 << 16

    /// `write` takes the file's bytes in their order.
    public init(
        _ format: TableFormat, columns: [ExportColumn], write: @escaping ([UInt8]) throws -> Void
    ) {
        self.format = format
        self.columns = columns
        self.write = write
        switch format {
        case .csv: buffer += (columns.map(\.name).joined(separator: ",") + "\r\n").utf8
        case .json: buffer.append(UInt8(ascii: "["))
        case .ndjson: break
        case .parquet: parquet = ParquetWriter(columns: columns, write: write)
        }
    }

    /// Throws `ExportError`, and what `write` throws.
    public mutating func append(_ row: [ExportValue]) throws {
        guard row.count == columns.count else {
            throw ExportError.wrongRow(values: row.count, columns: columns.count)
        }
        switch format {
        case .csv: appendCSV(row)
        case .json:
            buffer += (rowCount == 0 ? "\n" : ",\n").utf8
            appendObject(row)
        case .ndjson:
            appendObject(row)
            buffer.append(UInt8(ascii: "\n"))
        case .parquet: try parquet?.append(row)
        }
        rowCount += 1
        if buffer.count >= TableWriter.bufferBytes { try flush() }
    }

    /// Writes what is left; nothing may follow.
    public mutating func finish() throws {
        if format == .json { buffer += (rowCount == 0 ? "]\n" : "\n]\n").utf8 }
        try flush()
        try parquet?.finish()
    }

    private mutating func flush() throws {
        guard !buffer.isEmpty else { return }
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func appendCSV(_ row: [ExportValue]) {
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer += ValueText.csv(value, columns[index].kind).utf8
        }
        buffer += "\r\n".utf8
    }

    private mutating func appendObject(_ row: [ExportValue]) {
        for (index, value) in row.enumerated() {
            buffer.append(UInt8(ascii: index == 0 ? "{" : ","))
            buffer += QuotedText.json(columns[index].name).utf8
            buffer.append(UInt8(ascii: ":"))
            buffer += ValueText.json(value, columns[index].kind).utf8
        }
        buffer.append(UInt8(ascii: "}"))
    }
}
