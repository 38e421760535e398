@testable import TUI

/// How a colour looks to eyes that lack one kind of cone, and how far apart two colours look.
///
/// Simulation after Viénot, Brettel and Mollon (1999) for red and green, Brettel's plane for blue;
/// distance is CIE76 in L*a*b*, where 2 is just seen and 10 is seen at a glance.
enum ColorVision: String, CaseIterable, Sendable {
    case typical, protanopia, deuteranopia, tritanopia

    /// What is left of a linear colour, row by row.
    private var matrix: [[Double]] {
        switch self {
        case .typical: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        case .protanopia:
            [[0.112_38, 0.887_62, 0], [0.112_38, 0.887_62, 0], [0.004_01, -0.004_01, 1]]
        case .deuteranopia:
            [[0.292_75, 0.707_25, 0], [0.292_75, 0.707_25, 0], [-0.022_34, 0.022_34, 1]]
        case .tritanopia:
            [[1, 0.144_61, -0.144_61], [0, 0.859_24, 0.140_76], [0, 0.859_24, 0.140_76]]
        }
    }

    /// `nil` where either colour is the terminal's own business.
    func distance(_ left: Color, _ right: Color) -> Double? {
        guard let a = lab(left), let b = lab(right) else { return nil }
        let squares = zip(a, b).map { ($0 - $1) * ($0 - $1) }
        return squares.reduce(0, +).squareRoot()
    }

    private func lab(_ color: Color) -> [Double]? {
        guard let shade = color.shade else { return nil }
        let linear = [shade.red, shade.green, shade.blue].map(ColorVision.linear)
        let seen = matrix.map { row in
            max(0, min(1, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        let x = (0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.950_47
        let y = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
        let z = (0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.088_83
        let (fx, fy, fz) = (ColorVision.root(x), ColorVision.root(y), ColorVision.root(z))
        return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
    }

    private static func linear(_ channel: UInt8) -> Double {
        let share = Double(channel) / 255
        return share <= 0.040_45 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
    }

    private static func root(_ value: Double) -> Double {
        value > 0.008_856 ? power(value, 1.0 / 3) : 7.787 * value + 16.0 / 116
    }
}

extension Color {
    /// `nil` for the terminal's own.
    var shade: XtermPalette.Shade? {
        switch self {
        case .terminal: nil
        case .indexed(let index): XtermPalette.shade(of: index)
        case .rgb(let red, let green, let blue): (red, green, blue)
        }
    }
}
