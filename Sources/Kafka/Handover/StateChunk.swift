/// A piece of a copy of a partition's state, one message of the states topic.
///
/// The states topic has as many partitions as `market.trades`, and a copy lies in the partition of
/// its own number.
public struct StateChunk: Equatable, Sendable {
    /// A message stays below the limit that brokers have by default.
    public static let bytesMax = 512 << 10
    static let version: Int64 = 1

    /// Drawn at random by whoever made the copy: pieces of several owners may lie mixed.
    public var copy: UInt64
    /// Which piece: 0 ..< `parts`.
    public var part: Int
    public var parts: Int
    /// The log's next record after the state: everything before it is in the state.
    public var next: Int64
    /// Of the build that wrote the state: another build cannot read it.
    public var layout: String
    public var bytes: [UInt8]
    /// CRC-32 of `bytes`.
    public var checksum: UInt32

    public var isWhole: Bool { CRC32.of(bytes) == checksum }

    /// The pieces of a copy, in order; an empty state is one empty piece.
    static func cut(
        _ state: [UInt8], copy: UInt64, next: Int64, layout: String, bytesMax: Int
    ) -> [StateChunk] {
        let starts = state.isEmpty ? [0] : Array(stride(from: 0, to: state.count, by: bytesMax))
        return starts.enumerated().map { part, start in
            let bytes = Array(state[start..<min(start + bytesMax, state.count)])
            return StateChunk(
                copy: copy, part: part, parts: starts.count, next: next, layout: layout,
                bytes: bytes, checksum: CRC32.of(bytes))
        }
    }

    func write(to headers: inout KafkaHeaders) {
        headers.removeAll()
        headers.append("v", StateChunk.version)
        headers.append("copy", hexadecimal: copy)
        headers.append("part", Int64(part))
        headers.append("parts", Int64(parts))
        headers.append("next", next)
        headers.append("layout", layout)
        headers.append("crc", Int64(checksum))
    }

    /// `nil` for a message that is no piece of a copy, or of a later version.
    init?(_ message: borrowing KafkaMessage) {
        guard message.number("v") == StateChunk.version, let part = message.number("part"),
            let parts = message.number("parts"), let next = message.number("next"),
            let crc = message.number("crc"),
            let copy = message.header("copy").flatMap({
                UInt64(String(decoding: $0, as: UTF8.self), radix: 16)
            }),
            let layout = message.header("layout"), part >= 0, part < parts, parts < 1 << 20,
            next >= 0, let checksum = UInt32(exactly: crc)
        else { return nil }
        self.init(
            copy: copy, part: Int(part), parts: Int(parts), next: next,
            layout: String(decoding: layout, as: UTF8.self), bytes: Array(message.payload),
            checksum: checksum)
    }

    init(
        copy: UInt64, part: Int, parts: Int, next: Int64, layout: String, bytes: [UInt8],
        checksum: UInt32
    ) {
        self.copy = copy
        self.part = part
        self.parts = parts
        self.next = next
        self.layout = layout
        self.bytes = bytes
        self.checksum = checksum
    }
}

extension KafkaMessage {
    /// A header of decimal text; `nil` when it is not there, or no number.
    fileprivate func number(_ name: StaticString) -> Int64? {
        header(name).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }
}
