/// Least squares with a penalty on large coefficients: what it has seen, as sums, so that one more
/// example costs the same however many there were.
///
/// Features are centred and scaled to a standard deviation of 1 before the penalty counts; the
/// intercept is free. One feature that never changes gets the coefficient 0.
struct RidgeRegression {
    /// What is foretold from features.
    struct Fit {
        var intercept: Double
        /// By feature, in its own unit.
        var coefficients: [Double]

        func value(_ features: ArraySlice<Double>) -> Double {
            zip(coefficients, features).reduce(intercept) { $0 + $1.0 * $1.1 }
        }
    }

    private let width: Int
    private(set) var count = 0
    private var sums: [Double]
    private var targetSum = 0.0
    /// Of each pair of features, by row.
    private var products: [Double]
    private var targetProducts: [Double]

    init(width: Int) {
        self.width = width
        sums = Array(repeating: 0, count: width)
        products = Array(repeating: 0, count: width * width)
        targetProducts = Array(repeating: 0, count: width)
    }

    mutating func add(_ features: ArraySlice<Double>, target: Double) {
        precondition(features.count == width, "an example of another width")
        let first = features.startIndex
        count += 1
        targetSum += target
        for row in 0..<width {
            let value = features[first + row]
            sums[row] += value
            targetProducts[row] += value * target
            for column in 0...row {
                products[row * width + column] += value * features[first + column]
            }
        }
    }

    /// `nil` without examples.
    func fit(penalty: Double) -> Fit? {
        guard count > 0 else { return nil }
        let number = Double(count)
        let means = sums.map { $0 / number }
        let targetMean = targetSum / number
        let deviations = (0..<width).map { index in
            (max(0, products[index * width + index] / number - means[index] * means[index]))
                .squareRoot()
        }
        // A deviation this small beside the mean is rounding, not change.
        let scales = zip(deviations, means).map { $0 > 1e-12 * (1 + abs($1)) ? $0 : 0 }
        var matrix = [Double](repeating: 0, count: width * width)
        var right = [Double](repeating: 0, count: width)
        for row in 0..<width where scales[row] > 0 {
            let moment = targetProducts[row] - number * means[row] * targetMean
            right[row] = moment / scales[row]
            for column in 0...row where scales[column] > 0 {
                let shared = products[row * width + column] - number * means[row] * means[column]
                matrix[row * width + column] = shared / (scales[row] * scales[column])
            }
        }
        for row in 0..<width { matrix[row * width + row] += penalty }
        let solved = RidgeRegression.solve(matrix, right, width: width)
        let coefficients = zip(solved, scales).map { $1 > 0 ? $0 / $1 : 0 }
        let offset = zip(coefficients, means).reduce(0) { $0 + $1.0 * $1.1 }
        return Fit(intercept: targetMean - offset, coefficients: coefficients)
    }

    /// By Cholesky's decomposition; only the lower triangle of `matrix` is read. It must be
    /// positive definite, as any with a penalty on its diagonal is.
    private static func solve(_ matrix: [Double], _ right: [Double], width: Int) -> [Double] {
        var lower = matrix
        for row in 0..<width {
            for column in 0...row {
                var value = lower[row * width + column]
                for inner in 0..<column {
                    value -= lower[row * width + inner] * lower[column * width + inner]
                }
                lower[row * width + column] =
                    row == column ? value.squareRoot() : value / lower[column * width + column]
            }
        }
        var values = right
        for row in 0..<width {
            for inner in 0..<row { values[row] -= lower[row * width + inner] * values[inner] }
            values[row] /= lower[row * width + row]
        }
        for row in (0..<width).reversed() {
            for inner in row + 1..<max(width, row + 1) {
                values[row] -= lower[inner * width + row] * values[inner]
            }
            values[row] /= lower[row * width + row]
        }
        return values
    }
}
