import MarketModel

extension FeatureVector {
    public func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(updatedAt)
        writer.write(position)
        writer.write(size)
        writer.writeOptional(price) { writer, price in writer.write(price) }
        writer.writeOptional(volumeZScore) { writer, score in writer.write(score) }
        writer.writeOptional(priceMomentum) { writer, momentum in writer.write(momentum) }
        writer.writeOptional(vwapDeviation) { writer, deviation in writer.write(deviation) }
        writer.write(tradeFrequency)
        writer.writeOptional(vwapOneMinute) { writer, price in writer.write(price) }
        writer.writeOptional(vwapFiveMinutes) { writer, price in writer.write(price) }
        writer.writeOptional(spread) { writer, price in writer.write(price) }
        writer.writeOptional(modelVersion) { writer, version in writer.write(version) }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), updatedAt: try reader.readTimestamp(),
            position: try reader.readPosition(), size: try reader.readSize(),
            figures: RollingFigures())
        price = try FeatureVector.price(&reader)
        volumeZScore = try FeatureVector.number(&reader)
        priceMomentum = try FeatureVector.number(&reader)
        vwapDeviation = try FeatureVector.number(&reader)
        tradeFrequency = try reader.readDouble()
        vwapOneMinute = try FeatureVector.price(&reader)
        vwapFiveMinutes = try FeatureVector.price(&reader)
        spread = try FeatureVector.price(&reader)
        modelVersion = try reader.readOptional { reader throws(StateCodecError) in
            try reader.read()
        }
    }

    private static func price(_ reader: inout StateReader) throws(StateCodecError) -> Price? {
        try reader.readOptional { reader throws(StateCodecError) in try reader.readPrice() }
    }

    private static func number(_ reader: inout StateReader) throws(StateCodecError) -> Double? {
        try reader.readOptional { reader throws(StateCodecError) in try reader.readDouble() }
    }
}
