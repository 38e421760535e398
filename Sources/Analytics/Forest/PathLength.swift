import Foundation

/// Lengths of paths through a tree, in whole steps of 1/2048, so that their sums are exact and the
/// same in any order.
enum PathLength {
    static let scale = 2048.0
    private static let eulerGamma = 0.577215664901532860606512090082402431

    /// c(n) of the 2008 paper: the mean length of a path that ends among `count` rows which are not
    /// told apart further.
    static func mean(among count: Int) -> Double {
        switch count {
        case ...1: return 0
        case 2: return 1
        default:
            let n = Double(count)
            return 2 * (log(n - 1) + eulerGamma) - 2 * (n - 1) / n
        }
    }

    /// Of a leaf at this depth that holds `count` rows, in steps.
    static func steps(depth: Int, count: Int) -> UInt16 {
        UInt16(((Double(depth) + mean(among: count)) * scale).rounded())
    }
}
