/// A price per share or coin, in billionths of the currency unit.
///
/// Range: plus or minus 9.22 billion. Zero and negative prices can be represented; whether one is
/// legal is the business of validation, not of the type.
public struct Price: Hashable, Comparable, BitwiseCopyable, Sendable {
    /// Units in one whole currency unit.
    public static let scale: Int64 = 1_000_000_000
    public static let decimalPlaces = 9
    public static let zero = Price(units: 0)

    public let units: Int64

    @inlinable public init(units: Int64) { self.units = units }

    @inlinable public static func < (left: Price, right: Price) -> Bool { left.units < right.units }

    /// The nearest binary number, for statistics only: never print it, never add it up.
    @inlinable public var asDouble: Double { Double(units) / Double(Price.scale) }
}

extension Price: CustomStringConvertible {
    /// The exact decimal, without trailing zeros: `231.4401`.
    public var description: String { Decimal64.text(units, places: Price.decimalPlaces) }

    /// Reads a decimal exactly; `nil` when it is not one, has more than nine decimals, or is out of
    /// range.
    public init?(decimal text: some StringProtocol) {
        guard let units = Decimal64.units(text, places: Price.decimalPlaces) else { return nil }
        self.init(units: units)
    }
}

extension Price: ExpressibleByStringLiteral {
    /// For tests and constants: traps on a literal that is not a price.
    public init(stringLiteral value: String) {
        guard let price = Price(decimal: value) else {
            preconditionFailure("not a price: \(value)")
        }
        self = price
    }
}
