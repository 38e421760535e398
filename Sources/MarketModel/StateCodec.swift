/// Writes state as bytes: little-endian integers and the bit patterns of doubles, no padding, no
/// pointers.
///
/// The same state always gives the same bytes; the state hash is taken over them.
public struct StateWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    @inlinable public mutating func write(_ value: some FixedWidthInteger & BitwiseCopyable) {
        withUnsafeBytes(of: value.littleEndian) { append($0) }
    }

    public mutating func write(_ value: Double) { write(value.bitPattern) }
    public mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }
    public mutating func write(_ value: Price) { write(value.units) }
    public mutating func write(_ value: Size) { write(value.units) }
    public mutating func write(_ value: Timestamp) { write(value.nanoseconds) }

    public mutating func write(_ value: Symbol) {
        write(value.head)
        write(value.tail)
    }

    public mutating func write(_ value: LogPosition) {
        write(value.epoch)
        write(value.index)
        write(value.offset)
    }

    public mutating func write(_ text: String) {
        write(Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// One byte that says whether a value follows, then the value.
    public mutating func writeOptional<Value>(
        _ value: Value?, _ body: (inout StateWriter, Value) -> Void
    ) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    @usableFromInline mutating func append(_ raw: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: raw)
    }
}

/// Why a state copy cannot be read.
public enum StateCodecError: Error, Equatable {
    case truncated(byteOffset: Int)
    case malformed(field: String, byteOffset: Int)
}

/// Reads what `StateWriter` wrote, in the same order.
public struct StateReader {
    private let bytes: [UInt8]
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var isAtEnd: Bool { offset == bytes.count }

    public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(StateCodecError) -> Value {
        let width = MemoryLayout<Value>.size
        guard bytes.count - offset >= width else {
            throw StateCodecError.truncated(byteOffset: offset)
        }
        let value = bytes.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: offset, as: Value.self)
        }
        offset += width
        return Value(littleEndian: value)
    }

    public mutating func readDouble() throws(StateCodecError) -> Double {
        Double(bitPattern: try read())
    }

    public mutating func readBool() throws(StateCodecError) -> Bool {
        let byte: UInt8 = try read()
        guard byte <= 1 else { throw StateCodecError.malformed(field: "flag", byteOffset: offset) }
        return byte == 1
    }

    public mutating func readPrice() throws(StateCodecError) -> Price { Price(units: try read()) }
    public mutating func readSize() throws(StateCodecError) -> Size { Size(units: try read()) }

    public mutating func readTimestamp() throws(StateCodecError) -> Timestamp {
        Timestamp(nanoseconds: try read())
    }

    public mutating func readSymbol() throws(StateCodecError) -> Symbol {
        Symbol(head: try read(), tail: try read())
    }

    public mutating func readPosition() throws(StateCodecError) -> LogPosition {
        let epoch: Int32 = try read()
        let index: Int32 = try read()
        return LogPosition(epoch: epoch, offset: try read(), index: index)
    }

    public mutating func readString() throws(StateCodecError) -> String {
        let count: Int64 = try read()
        guard count >= 0, count <= Int64(bytes.count - offset) else {
            throw StateCodecError.malformed(field: "text length", byteOffset: offset)
        }
        let text = String(decoding: bytes[offset..<offset + Int(count)], as: UTF8.self)
        offset += Int(count)
        return text
    }

    public mutating func readOptional<Value>(
        _ body: (inout StateReader) throws(StateCodecError) -> Value
    ) throws(StateCodecError) -> Value? {
        try readBool() ? try body(&self) : nil
    }

    /// A count of things to follow, each at least one byte long: never more than the bytes that are
    /// left.
    public mutating func readCount(_ field: String) throws(StateCodecError) -> Int {
        let count: Int64 = try read()
        guard count >= 0, count <= Int64(bytes.count - offset) else {
            throw StateCodecError.malformed(field: field, byteOffset: offset)
        }
        return Int(count)
    }
}
