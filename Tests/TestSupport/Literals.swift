import MarketModel

extension Trade {
    /// A trade as a trader would write it down. `second` counts from `TestMorning.open`.
    public static func make(
        _ symbol: Symbol, at price: Price, size: Size, second: Double = 0,
        sequence: SequenceNumber = 1, conditions: [Int] = []
    ) -> Trade {
        Trade(
            symbol: symbol, price: price, size: size,
            executedAt: TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9)),
            sequence: sequence, conditions: TradeConditions(conditions))
    }
}

/// Friday 2026-01-02, an ordinary trading day.
public enum TestMorning {
    /// 09:30 in New York.
    public static let open = Timestamp(seconds: 1_767_364_200)
}
