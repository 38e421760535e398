import MarketModel

/// A JSON object written member by member: the same members always give the same bytes.
struct MessageText {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init() { bytes.reserveCapacity(768) }

    /// The whole object.
    func finished() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    mutating func add(_ name: StaticString, _ value: Price?) { add(name, digits: value) }
    mutating func add(_ name: StaticString, _ value: Size?) { add(name, digits: value) }
    mutating func add(_ name: StaticString, _ value: Volume?) { add(name, digits: value) }
    mutating func add(_ name: StaticString, _ value: Int64?) { add(name, digits: value) }

    /// The shortest decimal that reads back as the same number; `null` for what is none.
    mutating func add(_ name: StaticString, _ value: Double?) {
        add(name, digits: value.flatMap { $0.isFinite ? $0.description : nil })
    }

    mutating func add(_ name: StaticString, _ value: Bool) {
        add(name, digits: value ? "true" : "false")
    }

    /// RFC 3339 in UTC with nanoseconds.
    mutating func add(_ name: StaticString, _ value: Timestamp?) {
        add(name, value.map(MessageText.moment))
    }

    mutating func add(_ name: StaticString, _ value: Symbol?) { add(name, value?.description) }

    mutating func add(_ name: StaticString, _ value: String?) {
        guard let value else { return add(name, digits: String?.none) }
        begin(name)
        append(quoted: value.utf8)
    }

    /// An object within the object; `null` when there is none.
    mutating func add(_ name: StaticString, _ value: MessageText?) {
        begin(name)
        bytes += value?.finished() ?? Array("null".utf8)
    }

    static func moment(_ time: Timestamp) -> String {
        let nanoseconds = time.nanoseconds - time.secondsFloor * 1_000_000_000
        let digits = String(nanoseconds)
        let zeros = String(repeating: "0", count: 9 - digits.utf8.count)
        return "\(time.description.prefix(19)).\(zeros)\(digits)Z"
    }

    private mutating func add(_ name: StaticString, digits: (some CustomStringConvertible)?) {
        begin(name)
        bytes += (digits?.description ?? "null").utf8
    }

    private mutating func begin(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        append(quoted: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Escapes what RFC 8259 says must be; everything else is sent as UTF-8.
    private mutating func append(quoted text: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), byte]
            case 0..<16: bytes += "\\u000\(String(byte, radix: 16))".utf8
            case 16..<32: bytes += "\\u00\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
