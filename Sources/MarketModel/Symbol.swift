/// A ticker as its market spells it (`AAPL`, `BRK.B`, `BACpC`, `BTCUSDT`): 1 to 16 ASCII
/// characters, case kept.
///
/// Held packed in two integers, so that it costs nothing to copy, compare and hash. Order is
/// alphabetical.
public struct Symbol: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let lengthMax = 16

    /// Characters 1 to 8 and 9 to 16, first character in the highest byte, zero-filled.
    public let head: UInt64
    public let tail: UInt64

    /// Trusts the caller to have checked every byte with `isLegal`.
    @inlinable public init(head: UInt64, tail: UInt64) {
        self.head = head
        self.tail = tail
    }

    /// Letters, digits and `. - / : _ ^ =`.
    @inlinable public static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case 65...90, 97...122, 48...57, 46, 45, 47, 58, 95, 94, 61: true
        default: false
        }
    }

    /// `nil` when empty, longer than 16, or spelled with a character no ticker has.
    public init?(_ text: some StringProtocol) {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            guard count < Symbol.lengthMax, Symbol.isLegal(byte) else { return nil }
            if count < 8 {
                head |= UInt64(byte) << UInt64(56 - 8 * count)
            } else {
                tail |= UInt64(byte) << UInt64(56 - 8 * (count - 8))
            }
            count += 1
        }
        guard count > 0 else { return nil }
        self.init(head: head, tail: tail)
    }

    @inlinable public static func < (left: Symbol, right: Symbol) -> Bool {
        left.head == right.head ? left.tail < right.tail : left.head < right.head
    }
}

extension Symbol: CustomStringConvertible, ExpressibleByStringLiteral {
    public var description: String {
        var count = 0
        while count < Symbol.lengthMax, byte(count) != 0 { count += 1 }
        return String(unsafeUninitializedCapacity: count) { text in
            for index in 0..<count { text[index] = byte(index) }
            return count
        }
    }

    /// 0 behind the last character.
    private func byte(_ index: Int) -> UInt8 {
        let word = index < 8 ? head : tail
        return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index & 7)))
    }

    /// For tests and constants: traps on a literal that is not a ticker.
    public init(stringLiteral value: String) {
        guard let symbol = Symbol(value) else { preconditionFailure("not a ticker: \(value)") }
        self = symbol
    }
}
