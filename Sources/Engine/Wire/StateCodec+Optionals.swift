import MarketModel

extension StateWriter {
    mutating func write(_ value: Price?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: Double?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: Int64?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: Timestamp?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: Symbol?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: String?) {
        writeOptional(value) { writer, value in writer.write(value) }
    }

    mutating func write(_ value: Duration) {
        let (seconds, attoseconds) = value.components
        write(seconds)
        write(attoseconds)
    }

    /// How many there are, then each.
    mutating func writeList<Item>(_ items: [Item], _ body: (inout StateWriter, Item) -> Void) {
        write(Int64(items.count))
        for item in items { body(&self, item) }
    }
}

extension StateReader {
    mutating func readPriceIfAny() throws(StateCodecError) -> Price? {
        try readOptional { reader throws(StateCodecError) in try reader.readPrice() }
    }

    mutating func readDoubleIfAny() throws(StateCodecError) -> Double? {
        try readOptional { reader throws(StateCodecError) in try reader.readDouble() }
    }

    mutating func readIntegerIfAny() throws(StateCodecError) -> Int64? {
        try readOptional { reader throws(StateCodecError) in try reader.read() }
    }

    mutating func readTimestampIfAny() throws(StateCodecError) -> Timestamp? {
        try readOptional { reader throws(StateCodecError) in try reader.readTimestamp() }
    }

    mutating func readSymbolIfAny() throws(StateCodecError) -> Symbol? {
        try readOptional { reader throws(StateCodecError) in try reader.readSymbol() }
    }

    mutating func readStringIfAny() throws(StateCodecError) -> String? {
        try readOptional { reader throws(StateCodecError) in try reader.readString() }
    }

    mutating func readDuration() throws(StateCodecError) -> Duration {
        Duration(secondsComponent: try read(), attosecondsComponent: try read())
    }

    mutating func readInt() throws(StateCodecError) -> Int {
        let value: Int64 = try read()
        return Int(value)
    }

    mutating func readList<Item>(
        _ field: String, _ body: (inout StateReader) throws(StateCodecError) -> Item
    ) throws(StateCodecError) -> [Item] {
        var items: [Item] = []
        for _ in 0..<(try readCount(field)) { items.append(try body(&self)) }
        return items
    }

    /// One of an enumeration's raw values.
    mutating func readName<Value: RawRepresentable<String>>(
        _ field: String, as type: Value.Type = Value.self
    ) throws(StateCodecError) -> Value {
        guard let value = Value(rawValue: try readString()) else {
            throw StateCodecError.malformed(field: field, byteOffset: offset)
        }
        return value
    }

    mutating func readInterval() throws(StateCodecError) -> BarInterval {
        guard let interval = BarInterval(rawValue: try read()) else {
            throw StateCodecError.malformed(field: "interval", byteOffset: offset)
        }
        return interval
    }
}
