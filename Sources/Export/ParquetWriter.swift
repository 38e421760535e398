/// Writes a flat table as a Parquet file: every column may be missing, pages are compressed with
/// Snappy. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
struct ParquetWriter {
    /// Rows of a group at most.
    static let groupRowsMax = 65_536
    /// Uncompressed.
    static let groupBytesMax = 16 << 20

    private struct Group {
        var rowCount: Int
        var chunks: [Chunk]
    }

    private struct Chunk {
        var column: ExportColumn
        var offset: Int64
        var valueCount: Int
        var bytes: Int
        var compressedBytes: Int
    }

    private static let magic = Array("PAR1".utf8)

    private let columns: [ExportColumn]
    private let write: ([UInt8]) throws -> Void
    private var chunks: [ParquetColumnChunk]
    private var groups: [Group] = []
    private var offset: Int64 = 0
    private var rowCount = 0

    init(columns: [ExportColumn], write: @escaping ([UInt8]) throws -> Void) {
        self.columns = columns
        self.write = write
        chunks = columns.map { ParquetColumnChunk($0) }
    }

    mutating func append(_ row: [ExportValue]) throws {
        for (index, value) in row.enumerated() { try chunks[index].append(value) }
        rowCount += 1
        let bytes = chunks.reduce(0) { $0 + $1.byteCount }
        if rowCount == ParquetWriter.groupRowsMax || bytes >= ParquetWriter.groupBytesMax {
            try writeGroup()
        }
    }

    mutating func finish() throws {
        if offset == 0 { try put(ParquetWriter.magic) }
        if rowCount > 0 { try writeGroup() }
        let footer = footer
        let count = UInt32(footer.count)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(8 * $0)) }
        try put(footer + length + ParquetWriter.magic)
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        try write(bytes)
        offset += Int64(bytes.count)
    }

    private mutating func writeGroup() throws {
        if offset == 0 { try put(ParquetWriter.magic) }
        var group = Group(rowCount: rowCount, chunks: [])
        for chunk in chunks {
            let page = chunk.page
            let block = try SnappyBlock.compressed(page)
            let header = ParquetWriter.header(
                valueCount: chunk.valueCount, bytes: page.count, compressedBytes: block.count)
            group.chunks.append(
                Chunk(
                    column: chunk.column, offset: offset, valueCount: chunk.valueCount,
                    bytes: header.count + page.count,
                    compressedBytes: header.count + block.count))
            try put(header + block)
        }
        groups.append(group)
        chunks = columns.map { ParquetColumnChunk($0) }
        rowCount = 0
    }

    // MARK: The file's description of itself

    private enum Encoding {
        static let plain: Int32 = 0
        static let runs: Int32 = 3
    }

    private static let snappy: Int32 = 1
    private static let dataPage: Int32 = 0

    private static func header(valueCount: Int, bytes: Int, compressedBytes: Int) -> [UInt8] {
        var thrift = ThriftCompact()
        thrift.field(1, dataPage)
        thrift.field(2, Int32(bytes))
        thrift.field(3, Int32(compressedBytes))
        thrift.field(5) { page in
            page.field(1, Int32(valueCount))
            page.field(2, Encoding.plain)
            page.field(3, Encoding.runs)
            page.field(4, Encoding.runs)
        }
        thrift.end()
        return thrift.bytes
    }

    private var footer: [UInt8] {
        var thrift = ThriftCompact()
        thrift.field(1, Int32(2))
        thrift.field(2, structures: [nil] + columns.map(Optional.some)) { element, column in
            guard let column else {
                element.field(4, "schema")
                element.field(5, Int32(columns.count))
                return
            }
            column.describe(in: &element)
        }
        thrift.field(3, Int64(groups.reduce(0) { $0 + $1.rowCount }))
        thrift.field(4, structures: groups) { thrift, group in
            thrift.field(1, structures: group.chunks) { thrift, chunk in
                thrift.field(2, chunk.offset)
                thrift.field(3) { ParquetWriter.describe(chunk, in: &$0) }
            }
            thrift.field(2, Int64(group.chunks.reduce(0) { $0 + $1.bytes }))
            thrift.field(3, Int64(group.rowCount))
        }
        thrift.field(6, "ticktop")
        thrift.end()
        return thrift.bytes
    }

    private static func describe(_ chunk: Chunk, in thrift: inout ThriftCompact) {
        thrift.field(1, chunk.column.kind.physicalType)
        thrift.field(2, integers: [Encoding.plain, Encoding.runs])
        thrift.field(3, texts: [chunk.column.name])
        thrift.field(4, snappy)
        thrift.field(5, Int64(chunk.valueCount))
        thrift.field(6, Int64(chunk.bytes))
        thrift.field(7, Int64(chunk.compressedBytes))
        thrift.field(9, chunk.offset)
    }
}

extension ExportColumn {
    private static let optional: Int32 = 1

    /// As an element of the schema.
    fileprivate func describe(in thrift: inout ThriftCompact) {
        thrift.field(1, kind.physicalType)
        if case .decimal = kind { thrift.field(2, Int32(16)) }
        thrift.field(3, ExportColumn.optional)
        thrift.field(4, name)
        switch kind {
        case .text:
            thrift.field(6, Int32(0))
            thrift.field(10) { $0.field(1) { _ in } }
        case .decimal(let places):
            thrift.field(6, Int32(5))
            thrift.field(7, Int32(places))
            thrift.field(8, ExportColumn.decimalDigits)
            thrift.field(10) { type in
                type.field(5) { decimal in
                    decimal.field(1, Int32(places))
                    decimal.field(2, ExportColumn.decimalDigits)
                }
            }
        case .timestamp:
            thrift.field(10) { type in
                type.field(8) { timestamp in
                    timestamp.field(1, true)
                    timestamp.field(2) { $0.field(3) { _ in } }
                }
            }
        case .boolean, .integer, .double: break
        }
    }

    /// As many as 16 bytes hold.
    private static let decimalDigits: Int32 = 38
}

extension ExportColumn.Kind {
    fileprivate var physicalType: Int32 {
        switch self {
        case .boolean: 0
        case .integer, .timestamp: 2
        case .double: 5
        case .text: 6
        case .decimal: 7
        }
    }
}
