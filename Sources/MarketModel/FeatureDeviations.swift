/// How far each feature of a trade was from what a forest was grown from: flat, so that it costs
/// nothing until a person reads it.
public struct FeatureDeviations: Equatable, BitwiseCopyable, Sendable {
    public var values: SIMD8<Float>
    /// Means of the training rows.
    public var usual: SIMD8<Float>
    /// In standard deviations of the training rows; 0 for a feature that did not vary.
    public var deviations: SIMD8<Float>

    public init(values: SIMD8<Float>, usual: SIMD8<Float>, deviations: SIMD8<Float>) {
        self.values = values
        self.usual = usual
        self.deviations = deviations
    }

    private static let namedMax = 3
    /// Beside the largest, a feature is worth naming from here on.
    private static let namedFrom: Float = 2

    /// The features that moved the score, the farthest first: at most three.
    public var explanation: String {
        let byDistance = (0..<ForestFeatures.count).sorted { left, right in
            let (one, other) = (abs(deviations[left]), abs(deviations[right]))
            return one == other ? left < right : one > other
        }
        let named = byDistance.prefix(FeatureDeviations.namedMax).enumerated().filter {
            $0.offset == 0 || abs(deviations[$0.element]) >= FeatureDeviations.namedFrom
        }
        return named.map { text(of: $0.element) }.joined(separator: "; ")
    }

    private func text(of feature: Int) -> String {
        let name = ForestFeatures.name(of: feature)
        let distance = RuleHit.decimal((Double(abs(deviations[feature])) * 10).rounded() / 10)
        let side = deviations[feature] < 0 ? "below" : "above"
        return "\(name) \(number(values[feature])) is \(distance) deviations \(side) its usual "
            + number(usual[feature])
    }

    private func number(_ value: Float) -> String {
        let magnitude = abs(value)
        let places = magnitude >= 1000 ? 0 : magnitude >= 1 ? 2 : 4
        guard magnitude < 1e12 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return Decimal64.text(Int64((Double(value) * scale).rounded()), places: places)
    }
}
