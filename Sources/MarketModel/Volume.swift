/// Sizes summed over time, in 1e-8 of a share or coin. Wide enough that no sum of sizes overflows.
public struct Volume: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let zero = Volume(units: 0)

    public var units: Int128

    @inlinable public init(units: Int128) { self.units = units }
    @inlinable public init(_ size: Size) { units = Int128(size.units) }

    @inlinable public static func < (left: Volume, right: Volume) -> Bool {
        left.units < right.units
    }
    @inlinable public static func + (left: Volume, right: Volume) -> Volume {
        Volume(units: left.units + right.units)
    }
    @inlinable public static func - (left: Volume, right: Volume) -> Volume {
        Volume(units: left.units - right.units)
    }
    @inlinable public static func += (left: inout Volume, right: Volume) {
        left.units += right.units
    }
    @inlinable public static func -= (left: inout Volume, right: Volume) {
        left.units -= right.units
    }

    /// The nearest binary number, for statistics only.
    @inlinable public var asDouble: Double { wideAsDouble(units) / Double(Size.scale) }
}

extension Volume: CustomStringConvertible {
    /// The exact decimal, without trailing zeros.
    public var description: String { Decimal64.text(units, places: Size.decimalPlaces) }
}

/// Price times size, summed: money, in 1e-17 of the currency unit.
///
/// A bar's or a session's stops at the largest number, 1.7e21 currency units, and never wraps.
public struct Notional: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let zero = Notional(units: 0)

    public var units: Int128

    @inlinable public init(units: Int128) { self.units = units }
    @inlinable public init(_ price: Price, times size: Size) {
        units = Int128(price.units) * Int128(size.units)
    }

    @inlinable public static func < (left: Notional, right: Notional) -> Bool {
        left.units < right.units
    }
    @inlinable public static func + (left: Notional, right: Notional) -> Notional {
        Notional(units: left.units + right.units)
    }
    @inlinable public static func - (left: Notional, right: Notional) -> Notional {
        Notional(units: left.units - right.units)
    }
    @inlinable public static func += (left: inout Notional, right: Notional) {
        left.units += right.units
    }
    @inlinable public static func -= (left: inout Notional, right: Notional) {
        left.units -= right.units
    }

    /// Average price of `volume` shares or coins bought for this much, rounded half up to a price
    /// unit.
    ///
    /// `nil` when the volume is zero, and when the sum has stopped at the largest number; the
    /// nearest price there is when the average lies beyond the range.
    @inlinable public func averagePrice(of volume: Volume) -> Price? {
        guard volume.units > 0, units < .max else { return nil }
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: volume.units)
        return Price(
            units: Int64(clamping: remainder * 2 >= volume.units ? quotient + 1 : quotient))
    }

    /// The nearest binary number in currency units, for statistics only.
    @inlinable public var asDouble: Double { wideAsDouble(units) / 1e17 }
}

/// `Double(Int128)` without its slow path: the two halves of the magnitude are converted and added.
///
/// Within one unit in the last place of the nearest binary number.
@inlinable @inline(__always)
public func wideAsDouble(_ value: Int128) -> Double {
    let narrow = Int64(truncatingIfNeeded: value)
    if Int128(narrow) == value { return Double(narrow) }
    return wideAsDoubleOfHalves(value)
}

@usableFromInline @inline(never)
func wideAsDoubleOfHalves(_ value: Int128) -> Double {
    let magnitude = value.magnitude
    let high = Double(UInt64(truncatingIfNeeded: magnitude >> 64))
    let nearest = high * 0x1p64 + Double(UInt64(truncatingIfNeeded: magnitude))
    return value < 0 ? -nearest : nearest
}
