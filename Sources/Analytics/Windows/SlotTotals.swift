import MarketModel

/// Sums over one or many one-second slots, exact: what entered is what leaves.
///
/// Additions wrap. A window so full that it wraps (above 10^38 units) is right again once that has
/// left it.
struct SlotTotals: Equatable, BitwiseCopyable, Sendable {
    static var zero: SlotTotals { @inline(__always) get { SlotTotals() } }

    var volume: Int128 = 0
    var notional: Int128 = 0
    /// Eligible prices, for their unweighted mean.
    var priceSum: Int128 = 0
    var priceCount: Int64 = 0

    @inline(__always)
    static func += (left: inout SlotTotals, right: SlotTotals) {
        left.volume &+= right.volume
        left.notional &+= right.notional
        left.priceSum &+= right.priceSum
        left.priceCount &+= right.priceCount
    }

    @inline(__always)
    static func -= (left: inout SlotTotals, right: SlotTotals) {
        left.volume &-= right.volume
        left.notional &-= right.notional
        left.priceSum &-= right.priceSum
        left.priceCount &-= right.priceCount
    }

    /// Adds to sums that nothing ever leaves, a session's: they stop at the largest number.
    @inline(__always)
    mutating func accumulate(_ later: SlotTotals) {
        let notionalBefore = notional
        self += later
        notional = clampedSum(notionalBefore, later.notional)
    }

    static func + (left: SlotTotals, right: SlotTotals) -> SlotTotals {
        var sum = left
        sum += right
        return sum
    }

    @inline(__always)
    mutating func addVolume(_ size: Size, at price: Price) {
        volume &+= Int128(size.units)
        notional &+= exactProduct(price.units, size.units)
    }

    @inline(__always)
    mutating func addPrice(_ price: Price) {
        priceSum &+= Int128(price.units)
        priceCount &+= 1
    }

    func encode(into writer: inout StateWriter) {
        writer.write(volume)
        writer.write(notional)
        writer.write(priceSum)
        writer.write(priceCount)
    }

    @inline(__always) init() {}

    init(from reader: inout StateReader) throws(StateCodecError) {
        volume = try reader.read()
        notional = try reader.read()
        priceSum = try reader.read()
        priceCount = try reader.read()
    }
}

/// The sum of two sums of money, or the largest number there is: 1.7e21 currency units.
@inline(__always)
func clampedSum(_ left: Int128, _ right: Int128) -> Int128 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}

/// The product of two 64-bit integers, from one multiplication instruction.
@inline(__always)
func exactProduct(_ left: Int64, _ right: Int64) -> Int128 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return Int128(high) << 64 | Int128(low)
}

/// Notional divided by volume, rounded half up to a price unit; `nil` without volume, beyond a
/// price's range, or when the notional has reached the largest number.
@inline(__always)
func averagePrice(_ notional: Int128, of volume: Int128) -> Price? {
    let divisor = Int64(truncatingIfNeeded: volume)
    let high = UInt64(truncatingIfNeeded: notional >> 64)
    // A volume and a quotient of one word each, and nothing negative: nearly always.
    guard volume >> 64 == 0, divisor > 0, high < divisor.magnitude >> 2 else {
        return averageOfWide(notional, of: volume)
    }
    let low = UInt64(truncatingIfNeeded: notional)
    let (quotient, remainder) = divisor.magnitude.dividingFullWidth((high, low))
    let roundsUp = remainder >= divisor.magnitude &- remainder
    return Price(units: Int64(bitPattern: roundsUp ? quotient &+ 1 : quotient))
}

@inline(never)
private func averageOfWide(_ notional: Int128, of volume: Int128) -> Price? {
    guard volume > 0, notional < .max else { return nil }
    let (quotient, remainder) = divided(notional, by: volume)
    return roundedPrice(quotient, remainder, of: volume)
}

/// The quotient's nearest price, half up; `nil` beyond a price's range.
@inline(__always)
func roundedPrice(_ quotient: Int128, _ remainder: Int128, of volume: Int128) -> Price? {
    guard let units = Int64(exactly: quotient) else { return nil }
    let roundsUp = remainder >= volume - remainder
    guard roundsUp, units < .max else { return Price(units: units) }
    return Price(units: units + 1)
}

/// Quotient and remainder from one division where both are positive, as sums of trades are.
@inline(__always)
func divided(_ dividend: Int128, by divisor: Int128) -> (quotient: Int128, remainder: Int128) {
    guard dividend >= 0, divisor > 0 else {
        return dividend.quotientAndRemainder(dividingBy: divisor)
    }
    let quotient = UInt128(truncatingIfNeeded: dividend) / UInt128(truncatingIfNeeded: divisor)
    let whole = Int128(truncatingIfNeeded: quotient)
    return (whole, dividend &- whole &* divisor)
}
