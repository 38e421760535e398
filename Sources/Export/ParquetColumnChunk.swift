/// The values of one column until their row group is written: plain encoding, one page a chunk.
/// https://parquet.apache.org/docs/file-format/data-pages/encodings/
struct ParquetColumnChunk {
    let column: ExportColumn
    private(set) var valueCount = 0
    private var values: [UInt8] = []
    /// Which values are there, as runs.
    private var runs: [(isThere: Bool, count: Int)] = []
    /// Booleans are packed, the first in the lowest bit.
    private var bitCount = 0

    init(_ column: ExportColumn) { self.column = column }

    /// What it will take uncompressed, nearly.
    var byteCount: Int { values.count + runs.count * 6 }

    mutating func append(_ value: ExportValue) throws(ExportError) {
        switch (column.kind, value) {
        case (_, .missing): return note(isThere: false)
        case (.text, .text(let text)):
            guard let count = UInt32(exactly: text.utf8.count) else {
                throw .tooLarge(column: column.name)
            }
            append(count)
            values += text.utf8
        case (.boolean, .boolean(let isTrue)):
            if bitCount % 8 == 0 { values.append(0) }
            if isTrue { values[values.count - 1] |= 1 << UInt8(bitCount % 8) }
            bitCount += 1
        case (.integer, .integer(let number)), (.timestamp, .timestamp(let number)):
            append(number)
        case (.double, .double(let number)): append(number.bitPattern)
        case (.decimal, .decimal(let units)):
            // Two's complement, the highest byte first.
            withUnsafeBytes(of: units.bigEndian) { values += $0 }
        default: throw .wrongKind(column: column.name)
        }
        note(isThere: true)
    }

    /// The page without its header: which values are there, then those.
    var page: [UInt8] {
        var levels: [UInt8] = []
        for run in runs {
            // A run of the hybrid encoding: its length, its lowest bit 0, then the level in a byte.
            var length = UInt64(run.count) << 1
            while length >= 0x80 {
                levels.append(UInt8(length & 0x7F) | 0x80)
                length >>= 7
            }
            levels.append(UInt8(length))
            levels.append(run.isThere ? 1 : 0)
        }
        let count = UInt32(levels.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(8 * $0)) } + levels + values
    }

    private mutating func note(isThere: Bool) {
        valueCount += 1
        if runs.last?.isThere == isThere {
            runs[runs.count - 1].count += 1
        } else {
            runs.append((isThere, 1))
        }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { values += $0 }
    }
}
