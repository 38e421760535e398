import MarketModel

/// Writes frames as Massive sends them: a JSON array of events, appended to one run of bytes
/// without an allocation each.
///
/// Prices are counted in 1e-4 of the currency unit, as US tapes print them; trailing zeros are
/// dropped.
struct MassiveFrameWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var eventCount = 0
    /// Where the latest event begins, behind the bracket or comma before it.
    private(set) var eventStart = 0

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        eventCount = 0
    }

    /// Closes the array; `nil` when it holds no event. The writer is empty again.
    mutating func takeFrame() -> [UInt8]? {
        guard eventCount > 0 else { return nil }
        bytes.append(UInt8(ascii: "]"))
        defer {
            bytes.removeAll(keepingCapacity: true)
            eventCount = 0
        }
        return bytes
    }

    mutating func append(_ trade: SimulatedTrade, name: [UInt8]) {
        open("{\"ev\":\"T\",\"sym\":\"")
        bytes += name
        put("\",\"i\":\"", Int64(truncatingIfNeeded: trade.sequence & 0xFFFF_FFFF))
        put("\",\"x\":", Int64(trade.exchange))
        put(",\"p\":")
        putPrice(trade.priceE4)
        put(",\"s\":", trade.shares)
        if trade.shareTenths > 0 {
            put(",\"ds\":\"", trade.shares)
            put(".", Int64(trade.shareTenths))
            put("\"")
        }
        if trade.conditions.0 != 0 {
            put(",\"c\":[", Int64(trade.conditions.0))
            if trade.conditions.1 != 0 { put(",", Int64(trade.conditions.1)) }
            put("]")
        }
        put(",\"t\":", trade.milliseconds)
        put(",\"q\":", trade.sequence)
        put(",\"z\":3}")
    }

    mutating func append(_ quote: SimulatedQuote, name: [UInt8]) {
        open("{\"ev\":\"Q\",\"sym\":\"")
        bytes += name
        put("\",\"bx\":", Int64(quote.bidExchange))
        put(",\"bp\":")
        putPrice(quote.bidE4)
        put(",\"bs\":", quote.bidLots)
        put(",\"ax\":", Int64(quote.askExchange))
        put(",\"ap\":")
        putPrice(quote.askE4)
        put(",\"as\":", quote.askLots)
        put(",\"c\":1,\"t\":", quote.milliseconds)
        put(",\"q\":", quote.sequence)
        put(",\"z\":3}")
    }

    mutating func append(_ bar: SimulatedMinute, name: [UInt8]) {
        open("{\"ev\":\"AM\",\"sym\":\"")
        bytes += name
        put("\",\"v\":", bar.volume)
        put(",\"av\":", bar.volumeOfDay)
        put(",\"o\":")
        putPrice(bar.openE4)
        put(",\"c\":")
        putPrice(bar.closeE4)
        put(",\"h\":")
        putPrice(bar.highE4)
        put(",\"l\":")
        putPrice(bar.lowE4)
        put(",\"s\":", bar.startMilliseconds)
        put(",\"e\":", bar.startMilliseconds + 60_000)
        put("}")
    }

    mutating func appendBand(
        name: [UInt8], upperE4: Int64, lowerE4: Int64, milliseconds: Int64, sequence: Int64
    ) {
        open("{\"ev\":\"LULD\",\"T\":\"")
        bytes += name
        put("\",\"h\":")
        putPrice(upperE4)
        put(",\"l\":")
        putPrice(lowerE4)
        put(",\"i\":[17],\"z\":3,\"t\":", milliseconds)
        put(",\"q\":", sequence)
        put("}")
    }

    /// Adds an event written earlier; returns where it begins.
    mutating func append(rendered event: [UInt8]) -> Int {
        open("")
        bytes += event
        return eventStart
    }

    private mutating func open(_ text: StaticString) {
        bytes.append(UInt8(ascii: eventCount == 0 ? "[" : ","))
        eventCount += 1
        eventStart = bytes.count
        put(text)
    }

    private mutating func put(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func put(_ text: StaticString, _ number: Int64) {
        put(text)
        putNumber(number)
    }

    private mutating func putNumber(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let first = bytes.count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(48 + UInt8(truncatingIfNeeded: digit))
            rest = quotient
        } while rest > 0
        bytes[first...].reverse()
    }

    private mutating func putPrice(_ priceE4: Int64) {
        let (whole, fraction) = priceE4.quotientAndRemainder(dividingBy: 10_000)
        putNumber(whole)
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var rest = fraction
        var divisor: Int64 = 1000
        while rest > 0 {
            bytes.append(48 + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}

/// A trade of the simulated market.
struct SimulatedTrade {
    var priceE4: Int64
    var shares: Int64
    /// Tenths of a share beside the whole ones; 0 to 9.
    var shareTenths: UInt8 = 0
    /// Up to two sale conditions; 0 is none.
    var conditions: (UInt8, UInt8) = (0, 0)
    var exchange: UInt8
    var milliseconds: Int64
    var sequence: Int64
}

/// A quote of the simulated market; sizes in round lots, as Massive sends them.
struct SimulatedQuote {
    var bidE4: Int64
    var askE4: Int64
    var bidLots: Int64
    var askLots: Int64
    var bidExchange: UInt8
    var askExchange: UInt8
    var milliseconds: Int64
    var sequence: Int64
}

/// One minute's bar of the simulated market, volume in shares.
struct SimulatedMinute {
    var startMilliseconds: Int64
    var openE4: Int64
    var highE4: Int64
    var lowE4: Int64
    var closeE4: Int64
    var volume: Int64
    var volumeOfDay: Int64
}
