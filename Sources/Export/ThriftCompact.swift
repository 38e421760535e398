/// Writes Thrift's compact protocol, in which Parquet describes itself:
/// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
struct ThriftCompact {
    private enum Kind: UInt8 {
        case yes = 1
        case no = 2
        case int32 = 5
        case int64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private(set) var bytes: [UInt8] = []
    /// Of the structures that are open, the number of the field written last.
    private var lastFields: [Int16] = [0]

    mutating func field(_ number: Int16, _ value: Int32) {
        header(number, .int32)
        varint(UInt64(bitPattern: zigzag(Int64(value))))
    }

    mutating func field(_ number: Int16, _ value: Int64) {
        header(number, .int64)
        varint(UInt64(bitPattern: zigzag(value)))
    }

    mutating func field(_ number: Int16, _ value: Bool) { header(number, value ? .yes : .no) }

    mutating func field(_ number: Int16, _ text: String) {
        header(number, .binary)
        append(text)
    }

    mutating func field(_ number: Int16, structure body: (inout ThriftCompact) -> Void) {
        header(number, .structure)
        structure(body)
    }

    mutating func field(_ number: Int16, integers: [Int32]) {
        header(number, .list)
        listHeader(integers.count, .int32)
        for value in integers { varint(UInt64(bitPattern: zigzag(Int64(value)))) }
    }

    mutating func field(_ number: Int16, texts: [String]) {
        header(number, .list)
        listHeader(texts.count, .binary)
        for text in texts { append(text) }
    }

    mutating func field<Item>(
        _ number: Int16, structures items: [Item], _ body: (inout ThriftCompact, Item) -> Void
    ) {
        header(number, .list)
        listHeader(items.count, .structure)
        for item in items { structure { body(&$0, item) } }
    }

    /// Ends the outermost structure.
    mutating func end() { bytes.append(0) }

    private mutating func structure(_ body: (inout ThriftCompact) -> Void) {
        lastFields.append(0)
        body(&self)
        bytes.append(0)
        lastFields.removeLast()
    }

    /// The fields of a structure come in ascending order, at most fifteen apart.
    private mutating func header(_ number: Int16, _ kind: Kind) {
        let delta = number - lastFields[lastFields.count - 1]
        precondition((1...15).contains(delta), "fields out of order")
        bytes.append(UInt8(delta) << 4 | kind.rawValue)
        lastFields[lastFields.count - 1] = number
    }

    private mutating func listHeader(_ count: Int, _ kind: Kind) {
        guard count >= 15 else { return bytes.append(UInt8(count) << 4 | kind.rawValue) }
        bytes.append(0xF0 | kind.rawValue)
        varint(UInt64(count))
    }

    private mutating func append(_ text: String) {
        varint(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    private func zigzag(_ value: Int64) -> Int64 { (value << 1) ^ (value >> 63) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
