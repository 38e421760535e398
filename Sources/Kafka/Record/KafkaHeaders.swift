/// Headers to be sent, in one buffer: `removeAll` keeps the capacity, so that filling them again
/// allocates nothing.
public struct KafkaHeaders: Sendable {
    private(set) var fields: [(name: StaticString, start: Int, count: Int)] = []
    private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func removeAll() {
        fields.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    public mutating func append(_ name: StaticString, _ text: String) {
        append(name) { $0.append(contentsOf: text.utf8) }
    }

    /// As decimal text.
    public mutating func append(_ name: StaticString, _ number: Int64) {
        append(name) { bytes in
            if number < 0 { bytes.append(UInt8(ascii: "-")) }
            let start = bytes.count
            var left = number.magnitude
            repeat {
                bytes.append(UInt8(ascii: "0") + UInt8(left % 10))
                left /= 10
            } while left > 0
            bytes[start...].reverse()
        }
    }

    /// As 16 hexadecimal digits.
    public mutating func append(_ name: StaticString, hexadecimal number: UInt64) {
        append(name) { bytes in
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                let digit = UInt8((number >> shift) & 15)
                bytes.append(digit < 10 ? 48 + digit : 87 + digit)
            }
        }
    }

    /// What `write` adds to the bytes is the value.
    public mutating func append(_ name: StaticString, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        fields.append((name: name, start: start, count: bytes.count - start))
    }
}
