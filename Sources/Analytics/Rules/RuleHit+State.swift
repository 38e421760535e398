import MarketModel

extension RuleHit {
    public func encode(into writer: inout StateWriter) {
        writer.write(kind.stateCode)
        writer.write(Int64(severity.rawValue))
        writer.write(score)
        writer.write(threshold)
        writer.write(amount)
        writer.write(reference)
        writer.write(count)
        writer.writeOptional(deviations) { writer, moved in moved.encode(into: &writer) }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        let code: UInt8 = try reader.read()
        let level: Int64 = try reader.read()
        guard let kind = AnomalyKind(stateCode: code), let severity = Severity(rawValue: Int(level))
        else { throw StateCodecError.malformed(field: "rule hit", byteOffset: reader.offset) }
        self.init(
            kind: kind, severity: severity, score: try reader.readDouble(),
            threshold: try reader.readDouble(), amount: try reader.read(),
            reference: try reader.read(), count: try reader.read())
        deviations = try reader.readOptional { reader throws(StateCodecError) in
            try FeatureDeviations(from: &reader)
        }
    }
}

extension AnomalyKind {
    /// Its number in a state copy: never reuse one.
    var stateCode: UInt8 {
        switch self {
        case .priceSpike: 1
        case .volumeSpike: 2
        case .velocity: 3
        case .crossedMarket: 4
        case .sequenceGap: 5
        case .staleFeed: 6
        case .latency: 7
        case .newsCorrelation: 10
        case .isolationForest: 8
        case .rsiExtreme: 12
        }
    }

    init?(stateCode: UInt8) {
        guard let kind = AnomalyKind.allCases.first(where: { $0.stateCode == stateCode }) else {
            return nil
        }
        self = kind
    }
}
