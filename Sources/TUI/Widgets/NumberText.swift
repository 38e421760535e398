import MarketModel

/// Figures as text: fixed decimals, explicit signs, — for what is missing.
enum NumberText {
    static let missing = "—"

    /// Decimals that fit a price of this magnitude: cents from one unit up, finer below.
    static func places(for price: Price?) -> Int {
        guard let units = price?.units.magnitude, units > 0 else { return 2 }
        let scale = UInt64(Price.scale)
        if units >= scale { return 2 }
        if units >= scale / 100 { return 4 }
        return units >= scale / 10_000 ? 6 : 8
    }

    static func price(_ price: Price?, places: Int, plus: Bool = false) -> String {
        guard let price else { return missing }
        let text = Decimal64.text(price.units, places: Price.decimalPlaces, shown: places)
        return plus && price.units >= 0 ? "+" + text : text
    }

    /// Rounded to `places` decimals; `—` for what is no number, `>9e9` for what no column holds.
    static func fixed(_ value: Double?, places: Int, plus: Bool = false, unit: String = "")
        -> String
    {
        guard let value, value.isFinite else { return missing }
        guard value.magnitude < 9e9 else { return value < 0 ? "<-9e9" : ">9e9" }
        let units = Int64((value * Double(Price.scale)).rounded())
        let text = Decimal64.text(units, places: Price.decimalPlaces, shown: places)
        // With signs shown, a loss too small for the decimals is still a loss.
        let hasSign = text.utf8.first == UInt8(ascii: "-")
        let sign = !plus || hasSign ? "" : value < 0 ? "-" : "+"
        return sign + text + unit
    }

    /// `842`, `12.4K`, `217.3M`, `1.2B`.
    static func scaled(_ value: Double?) -> String {
        guard let value, value.isFinite else { return missing }
        let steps: [(Double, String)] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")]
        for (step, unit) in steps where value.magnitude >= step * 0.999_5 {
            let share = value / step
            guard share.magnitude < 1e6 else { return fixed(share, places: 0, unit: unit) }
            return fixed(share, places: share.magnitude < 99.95 ? 1 : 0, unit: unit)
        }
        return fixed(value, places: value == value.rounded() || value.magnitude >= 100 ? 0 : 2)
    }

    /// `1 234 567`, with thin groups a reader can count.
    static func grouped(_ value: Int64) -> String {
        let digits = String(value.magnitude).utf8
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return text
    }

    /// `0.1s`, `14s`, `3m`, `2h`, `5d`.
    static func age(_ age: Duration) -> String {
        let seconds = max(
            0, Double(age.components.seconds) + Double(age.components.attoseconds) / 1e18)
        if seconds < 9.95 { return fixed(seconds, places: 1, unit: "s") }
        if seconds < 100 { return "\(Int(seconds))s" }
        if seconds < 6000 { return "\(Int(seconds / 60))m" }
        if seconds < 172_800 { return "\(Int(seconds / 3600))h" }
        return "\(Int(min(seconds / 86_400, 99_999)))d"
    }

    /// `1h28m`, `12m05s`, `42s`.
    static func span(_ span: Duration) -> String {
        let seconds = max(0, span.components.seconds)
        if seconds >= 86_400 { return "\(seconds / 86_400)d\(seconds / 3600 % 24)h" }
        if seconds >= 3600 { return "\(seconds / 3600)h\(padded(seconds / 60 % 60))m" }
        return seconds >= 60 ? "\(seconds / 60)m\(padded(seconds % 60))s" : "\(seconds)s"
    }

    /// `120µs`, `3.1ms`, `1.2s`.
    static func latency(_ latency: Duration) -> String {
        let seconds =
            Double(latency.components.seconds) + Double(latency.components.attoseconds) / 1e18
        if seconds < 0.001 { return fixed(seconds * 1e6, places: 0, unit: "µs") }
        if seconds < 1 {
            return fixed(seconds * 1e3, places: seconds < 0.01 ? 1 : 0, unit: "ms")
        }
        return fixed(seconds, places: 1, unit: "s")
    }

    /// `312 B`, `2.1 MB`, `412 MB`.
    static func bytes(_ count: Int64) -> String {
        guard count >= 1000 else { return "\(count) B" }
        let steps: [(Double, String)] = [(1e12, " TB"), (1e9, " GB"), (1e6, " MB"), (1e3, " kB")]
        let value = Double(count)
        let (step, unit) = steps.first { value >= $0.0 * 0.999_5 } ?? (1, " B")
        let share = value / step
        return fixed(share, places: share < 99.95 ? 1 : 0, unit: unit)
    }

    static func padded(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
}
