import Foundation
import MarketModel

/// A feature vector inside an episode's row: JSON with exact units, keys sorted, so that equal
/// vectors are equal text.
struct StoredVector: Codable {
    var symbol: String
    var updatedAt: Int64
    var position: String
    var price: Int64?
    var size: Int64
    var volumeZScore: Double?
    var priceMomentum: Double?
    var vwapDeviation: Double?
    var tradeFrequency: Double
    var vwapOneMinute: Int64?
    var vwapFiveMinutes: Int64?
    var spread: Int64?
    var modelVersion: Int64?

    init(_ vector: FeatureVector) {
        symbol = vector.symbol.description
        updatedAt = vector.updatedAt.nanoseconds
        position = vector.position.description
        price = vector.price?.units
        size = vector.size.units
        volumeZScore = vector.volumeZScore
        priceMomentum = vector.priceMomentum
        vwapDeviation = vector.vwapDeviation
        tradeFrequency = vector.tradeFrequency
        vwapOneMinute = vector.vwapOneMinute?.units
        vwapFiveMinutes = vector.vwapFiveMinutes?.units
        spread = vector.spread?.units
        modelVersion = vector.modelVersion
    }

    /// `nil` when the ticker or the position is none.
    var vector: FeatureVector? {
        guard let symbol = Symbol(symbol), let position = LogPosition(position) else { return nil }
        var figures = RollingFigures()
        figures.price = price.map(Price.init(units:))
        figures.volumeZScore = volumeZScore
        figures.priceMomentum = priceMomentum
        figures.vwapDeviation = vwapDeviation
        figures.tradeFrequency = tradeFrequency
        figures.vwapOneMinute = vwapOneMinute.map(Price.init(units:))
        figures.vwapFiveMinutes = vwapFiveMinutes.map(Price.init(units:))
        figures.spread = spread.map(Price.init(units:))
        var vector = FeatureVector(
            symbol: symbol, updatedAt: Timestamp(nanoseconds: updatedAt), position: position,
            size: Size(units: size), figures: figures)
        vector.modelVersion = modelVersion
        return vector
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    static func read(_ json: String) throws -> FeatureVector? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(StoredVector.self, from: Data(json.utf8)).vector
    }
}
