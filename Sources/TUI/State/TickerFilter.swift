import Engine
import MarketModel

/// Which tickers a person wants to see: words that all have to hold.
///
/// A word is part of a name (`am`), its absence (`!am`), a pattern (`~^A.*`), or a figure against a
/// number (`chg>2`, `z>=3`, `vol>1.5M`). A ticker without the figure does not match.
struct TickerFilter: Equatable, Sendable {
    enum Failure: Error, Equatable, CustomStringConvertible {
        case noField(String)
        case noNumber(String)
        case noPattern(String)

        var description: String {
            switch self {
            case .noField(let name):
                "no figure is called \(name): "
                    + TickerFigure.allCases.map(\.rawValue).joined(separator: " ")
            case .noNumber(let text): "\"\(text)\" is no number"
            case .noPattern(let text): "\"\(text)\" is no pattern"
            }
        }
    }

    private enum Word: Equatable, Sendable {
        case contains(String, isInverse: Bool)
        case matches(String, isInverse: Bool)
        case compares(TickerFigure, String, Double)
    }

    /// As it was typed.
    let text: String
    private let words: [Word]

    static let all = TickerFilter()

    private init() {
        text = ""
        words = []
    }

    init(_ text: String) throws(Failure) {
        self.text = text
        var words: [Word] = []
        for part in text.split(separator: " ") { words.append(try TickerFilter.word(part)) }
        self.words = words
    }

    var isEmpty: Bool { words.isEmpty }

    private static func word(_ part: Substring) throws(Failure) -> Word {
        let isInverse = part.hasPrefix("!")
        let bare = isInverse ? part.dropFirst() : part
        if bare.hasPrefix("~") {
            let pattern = String(bare.dropFirst())
            guard (try? Regex(pattern)) != nil else { throw .noPattern(pattern) }
            return .matches(pattern, isInverse: isInverse)
        }
        guard !isInverse, let sign = bare.firstIndex(where: { "<>=".contains($0) }) else {
            return .contains(bare.uppercased(), isInverse: isInverse)
        }
        let name = String(bare[..<sign])
        var rest = bare[bare.index(after: sign)...]
        var comparison = String(bare[sign])
        if rest.hasPrefix("="), comparison != "=" {
            comparison += "="
            rest = rest.dropFirst()
        }
        // While a number is still being typed, the word holds for every ticker.
        if rest.isEmpty || rest == "-" { return .contains("", isInverse: false) }
        guard let figure = TickerFigure(rawValue: name.lowercased()) else {
            throw .noField(name)
        }
        guard let number = TickerFilter.number(rest) else { throw .noNumber(String(rest)) }
        return .compares(figure, comparison, number)
    }

    /// `2`, `-0.5`, `3%`, `1.5M`.
    private static func number(_ text: Substring) -> Double? {
        let units: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "%": 1]
        if let last = text.last, let unit = units[Character(last.uppercased())] {
            return Double(text.dropLast()).map { $0 * unit }
        }
        return Double(text)
    }

    /// Says of a ticker whether every word holds for it.
    func matcher(time: Timestamp) -> (Symbol, TickerSnapshot?) -> Bool {
        let tests = words.map { test($0, time: time) }
        return { symbol, ticker in
            let name = symbol.description.uppercased()
            return tests.allSatisfy { $0(name, ticker) }
        }
    }

    private func test(_ word: Word, time: Timestamp) -> (String, TickerSnapshot?) -> Bool {
        switch word {
        case .contains(let part, let isInverse):
            return { name, _ in part.isEmpty || name.contains(part) != isInverse }
        case .matches(let pattern, let isInverse):
            // Compiled once here: the pattern was admitted, so it compiles again.
            let regex = (try? Regex(pattern))?.ignoresCase()
            return { name, _ in regex.map { name.contains($0) != isInverse } ?? false }
        case .compares(let figure, let comparison, let number):
            return { _, ticker in
                guard let value = ticker.flatMap({ figure.value($0, time: time) }) else {
                    return false
                }
                return TickerFilter.holds(value, comparison, number)
            }
        }
    }

    private static func holds(_ value: Double, _ comparison: String, _ number: Double) -> Bool {
        switch comparison {
        case ">": value > number
        case ">=": value >= number
        case "<": value < number
        case "<=": value <= number
        default: value == number
        }
    }
}

/// A figure of a ticker that quotes can be filtered and sorted by, under the name a person types.
enum TickerFigure: String, CaseIterable, Sendable {
    case price, chg, vol, z, mom, vel, spread, tpm, vwapdev, age

    /// `nil` while it is missing. Percent, shares, basis points, trades a minute, seconds.
    func value(_ ticker: TickerSnapshot, time: Timestamp) -> Double? {
        let figures = ticker.figures
        switch self {
        case .price: return figures.price?.asDouble
        case .chg: return figures.changePercent
        case .vol: return figures.sessionVolume.asDouble
        case .z: return figures.volumeZScore
        case .mom: return figures.priceMomentum
        case .vel: return figures.velocityFiveSeconds
        case .spread: return figures.spreadBasisPoints
        case .tpm: return figures.tradeFrequency
        case .vwapdev: return figures.vwapDeviationPercent
        case .age:
            return ticker.receivedAt.map {
                Double(time.duration(since: $0).components.seconds)
            }
        }
    }
}
