/// What a provider's reference data say of the company behind a ticker.
public struct Listing: Equatable, Sendable {
    public var symbol: Symbol
    public var name: String
    /// `nil` when the provider does not say what the company is worth.
    public var segment: CapitalizationSegment?
    /// The division of the Standard Industrial Classification, or the provider's own word for the
    /// industry; `nil` for funds and others without one.
    public var sector: String?

    public init(
        symbol: Symbol, name: String, segment: CapitalizationSegment? = nil, sector: String? = nil
    ) {
        self.symbol = symbol
        self.name = name
        self.segment = segment
        self.sector = sector
    }
}

/// Companies by what they are worth on the market, in US dollars (analytics.md, section 8). The raw
/// value is stored and served.
public enum CapitalizationSegment: String, CaseIterable, BitwiseCopyable, Sendable {
    case mega, large, mid, small, micro

    /// Mega from 200 billion, large from 10, mid from 2, small from 0.3; micro below.
    public init(capitalization dollars: Double) {
        switch dollars {
        case 200e9...: self = .mega
        case 10e9...: self = .large
        case 2e9...: self = .mid
        case 0.3e9...: self = .small
        default: self = .micro
        }
    }
}

/// Divisions of the Standard Industrial Classification.
public enum IndustryDivision {
    /// The division that a SIC code of four digits falls into; `nil` for a code that none has.
    public static func name(ofSIC code: Int) -> String? {
        switch code / 100 {
        case 1...9: "Agriculture, Forestry and Fishing"
        case 10...14: "Mining"
        case 15...17: "Construction"
        case 20...39: "Manufacturing"
        case 40...49: "Transportation and Utilities"
        case 50...51: "Wholesale Trade"
        case 52...59: "Retail Trade"
        case 60...67: "Finance, Insurance and Real Estate"
        case 70...89: "Services"
        case 91...97: "Public Administration"
        case 99: "Nonclassifiable"
        default: nil
        }
    }
}
