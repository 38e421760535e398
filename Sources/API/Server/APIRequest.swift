import Foundation
import MarketModel

/// A request after routing: the path's variable parts and the query, decoded.
struct APIRequest: Sendable {
    /// The decoded path segments that matched `{}`.
    var arguments: [String]
    /// The first of each name.
    var query: [String: String]
    var body: [UInt8] = []
    /// The parameters that the route has.
    var declared: [String] = []

    /// The path's first variable part as a ticker.
    func ticker() throws(Problem) -> Symbol {
        let text = arguments.first ?? ""
        guard let symbol = Symbol(text) else {
            throw .parameter(
                "ticker", range: "1..\(Symbol.lengthMax) letters, digits or . - / : _ ^ =",
                got: text)
        }
        return symbol
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int)
        throws(Problem) -> Int
    {
        guard let text = query[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw .parameter(
                name, range: "\(range.lowerBound)..\(range.upperBound)", got: text)
        }
        return value
    }

    /// One of the names that `read` knows; `nil` when the parameter is not given.
    func choice<Value>(_ name: String, of names: [String], _ read: (String) -> Value?)
        throws(Problem) -> Value?
    {
        guard let text = query[name] else { return nil }
        guard let value = read(text) else {
            throw .parameter(name, range: names.joined(separator: "|"), got: text)
        }
        return value
    }

    /// Splits and decodes a query; `+` is a space.
    static func query(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = decoded(parts[0])
            let value = parts.count > 1 ? decoded(parts[1]) : ""
            if values[name] == nil { values[name] = value }
        }
        return values
    }

    /// Percent-decoded; what is not valid stays as it was sent, to be refused by name.
    private static func decoded(_ text: some StringProtocol) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
