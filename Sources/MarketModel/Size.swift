/// The size of one trade or one quoted level, in 1e-8 of a share or coin.
///
/// Range: 0 to 92.2 billion. Sums of sizes are a `Volume`.
public struct Size: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let scale: Int64 = 100_000_000
    public static let decimalPlaces = 8
    public static let zero = Size(units: 0)

    public let units: Int64

    @inlinable public init(units: Int64) { self.units = units }

    @inlinable public static func < (left: Size, right: Size) -> Bool { left.units < right.units }

    /// The nearest binary number, for statistics only.
    @inlinable public var asDouble: Double { Double(units) / Double(Size.scale) }
}

extension Size: CustomStringConvertible {
    public var description: String { Decimal64.text(units, places: Size.decimalPlaces) }

    /// Reads a decimal exactly; `nil` when it is not one, has more than eight decimals, or is out
    /// of range.
    public init?(decimal text: some StringProtocol) {
        guard let units = Decimal64.units(text, places: Size.decimalPlaces) else { return nil }
        self.init(units: units)
    }
}

extension Size: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) {
        guard let size = Size(decimal: value) else { preconditionFailure("not a size: \(value)") }
        self = size
    }

    /// Whole shares or coins.
    public init(integerLiteral value: Int64) { self.init(units: value * Size.scale) }
}
