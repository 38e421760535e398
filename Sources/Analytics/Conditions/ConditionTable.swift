import MarketModel

/// The consolidated update rules of sale conditions, by Massive's ids.
public struct ConditionTable: Sendable {
    private static let extendedHours = 12
    private static let extendedOutOfSequence = 13

    /// Index is the byte of `TradeConditions.packed`: id + 1. Only the three `updates` bits, or
    /// `hasUnknown`.
    private var updates: InlineArray<256, TradeFlags>

    /// The rows of the default table: what each id may update. Ids that are not in it are unknown.
    public init(rows: [(id: Int, flags: TradeFlags)] = ConditionTable.consolidated) {
        updates = InlineArray(repeating: [.updatesVolume, .hasUnknown])
        for row in rows where (0...253).contains(row.id) { updates[row.id + 1] = row.flags }
    }

    /// What a trade with these conditions may update: only what every one of them allows.
    ///
    /// A continuous market has no conditions: everything.
    @inline(__always)
    public func flags(_ conditions: TradeConditions, market: Market) -> TradeFlags {
        conditions.isEmpty || market == .continuous ? .regular : combined(conditions)
    }

    /// What one condition allows; `hasUnknown` for an id the table does not have.
    public subscript(id: Int) -> TradeFlags {
        (0...253).contains(id) ? updates[id + 1] : updates[Int(TradeConditions.unknownID) + 1]
    }

    private func combined(_ conditions: TradeConditions) -> TradeFlags {
        let all: TradeFlags = [.updatesVolume, .updatesOpenClose, .updatesHighLow]
        var allowed = all
        var intraday = all
        var marks: TradeFlags = []
        var rest = conditions.packed
        while rest != 0 {
            let byte = Int(rest & 0xFF)
            let row = updates[byte]
            allowed.formIntersection(row)
            if byte != ConditionTable.extendedHours + 1 { intraday.formIntersection(row) }
            if byte == ConditionTable.extendedHours + 1
                || byte == ConditionTable.extendedOutOfSequence + 1
            {
                marks.insert(.isExtended)
            }
            if row.contains(.hasUnknown) { marks.insert(.hasUnknown) }
            rest >>= 8
        }
        if intraday.contains(.updatesOpenClose) { marks.insert(.updatesIntradayOpenClose) }
        if intraday.contains(.updatesHighLow) { marks.insert(.updatesIntradayHighLow) }
        return allowed.union(marks)
    }
}

extension ConditionTable {
    /// The default rows (trade-conditions.md): high-low, open-close, volume.
    ///
    /// A condition without update rules (40, 57 to 60, 62 to 71) takes nothing away.
    public static let consolidated: [(id: Int, flags: TradeFlags)] = {
        let all: TradeFlags = [.updatesVolume, .updatesOpenClose, .updatesHighLow]
        let groups: [(flags: TradeFlags, ids: [Int])] = [
            (
                all,
                [0, 1, 3, 4, 6, 8, 9, 11, 14, 17, 18, 19, 23, 24, 25, 27, 28, 30, 31, 34, 35, 36]
                    + [40, 41, 55] + Array(57...60) + Array(62...71)
            ),
            ([.updatesVolume], [2, 7, 12, 13, 20, 21, 29, 37, 52, 53]),
            ([.updatesVolume, .updatesHighLow], [5, 10, 22, 32, 33]),
            ([.updatesHighLow, .updatesOpenClose], [38]),
            ([], [15, 16]),
        ]
        return groups.flatMap { group in group.ids.map { ($0, group.flags) } }
    }()
}
