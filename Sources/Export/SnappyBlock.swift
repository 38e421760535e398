import CSnappy

/// Bytes in Snappy's block format, as Parquet's pages are compressed.
enum SnappyBlock {
    static func compressed(_ bytes: [UInt8]) throws(ExportError) -> [UInt8] {
        var count = snappy_max_compressed_length(bytes.count)
        var status = SNAPPY_OK
        var block = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeBytes { input in
            block.withUnsafeMutableBytes { output in
                status = snappy_compress(
                    input.bindMemory(to: CChar.self).baseAddress, bytes.count,
                    output.bindMemory(to: CChar.self).baseAddress, &count)
            }
        }
        guard status == SNAPPY_OK else { throw .compression(status: status.rawValue) }
        block.removeLast(block.count - count)
        return block
    }
}
