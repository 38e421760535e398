import MarketModel

extension Episode {
    public func encode(into writer: inout StateWriter) {
        writer.write(id)
        writer.write(kind.stateCode)
        writer.writeOptional(symbol) { writer, symbol in writer.write(symbol) }
        writer.write(Int64(severity.rawValue))
        writer.write(firstAt)
        writer.write(lastAt)
        writer.write(hits)
        writer.write(worstScore)
        writer.writeOptional(features) { writer, vector in vector.encode(into: &writer) }
        writer.write(explanation)
        writer.write(isOpen)
        writer.write(position)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        let id = try reader.readString()
        let code: UInt8 = try reader.read()
        let symbol = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readSymbol()
        }
        let level: Int64 = try reader.read()
        guard let kind = AnomalyKind(stateCode: code), let severity = Severity(rawValue: Int(level))
        else { throw StateCodecError.malformed(field: "episode", byteOffset: reader.offset) }
        self.init(
            id: id, kind: kind, symbol: symbol, severity: severity,
            firstAt: try reader.readTimestamp(), lastAt: try reader.readTimestamp(),
            hits: try reader.read(), worstScore: try reader.readDouble(),
            features: try reader.readOptional { reader throws(StateCodecError) in
                try FeatureVector(from: &reader)
            },
            explanation: try reader.readString(), isOpen: try reader.readBool(),
            position: try reader.readPosition())
    }
}
