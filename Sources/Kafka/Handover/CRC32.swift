/// The CRC-32 of zlib and IEEE 802.3.
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in
            rest & 1 == 1 ? (rest >> 1) ^ 0xEDB8_8320 : rest >> 1
        }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let table = CRC32.table
        return ~bytes.reduce(~UInt32(0)) { rest, byte in
            table[Int((rest ^ UInt32(byte)) & 0xFF)] ^ (rest >> 8)
        }
    }
}
