import MarketModel

extension FeatureDeviations {
    func encode(into writer: inout StateWriter) {
        for part in [values, usual, deviations] {
            for feature in 0..<ForestFeatures.count { writer.write(part[feature].bitPattern) }
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        var parts: [SIMD8<Float>] = []
        for _ in 0..<3 {
            var part = SIMD8<Float>.zero
            for feature in 0..<ForestFeatures.count {
                part[feature] = Float(bitPattern: try reader.read())
            }
            parts.append(part)
        }
        self.init(values: parts[0], usual: parts[1], deviations: parts[2])
    }
}
