import Foundation
import MarketModel
import Testing

@testable import Feeds

/// An event of a Massive frame, read with Foundation: an independent look at what a feed wrote.
struct WireEvent {
    var ev: String
    var symbol: String
    var object: [String: Any]

    func number(_ key: String) -> Double { (object[key] as? NSNumber)?.doubleValue ?? .nan }
    func integer(_ key: String) -> Int64 { (object[key] as? NSNumber)?.int64Value ?? .min }
    var conditions: [Int] { object["c"] as? [Int] ?? [] }

    static func read(_ frame: [UInt8]) throws -> [WireEvent] {
        let array = try JSONSerialization.jsonObject(with: Data(frame)) as? [[String: Any]]
        return try #require(array).map { object in
            WireEvent(
                ev: object["ev"] as? String ?? "",
                symbol: object["sym"] as? String ?? object["T"] as? String ?? "", object: object)
        }
    }
}

extension DemoTape {
    /// The events of the next seconds.
    mutating func events(seconds: Double) throws -> [WireEvent] {
        let end = toldUntil.advanced(byNanoseconds: Int64(seconds * 1e9))
        return try frames(until: end).flatMap { try WireEvent.read($0) }
    }
}

/// Pearson's correlation.
func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let count = Double(left.count)
    let means = (left.reduce(0, +) / count, right.reduce(0, +) / count)
    var sums = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
        sums.0 += (x - means.0) * (y - means.1)
        sums.1 += (x - means.0) * (x - means.0)
        sums.2 += (y - means.1) * (y - means.1)
    }
    return sums.0 / (sums.1 * sums.2).squareRoot()
}
