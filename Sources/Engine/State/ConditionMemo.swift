import Analytics
import MarketModel

/// What sale conditions allow, remembered by their packed ids: a tape uses a few dozen
/// combinations.
struct ConditionMemo: ~Copyable {
    private struct Slot: BitwiseCopyable {
        /// 0, no conditions, is never looked up.
        var packed: UInt64 = 0
        var flags = TradeFlags.regular
    }

    private static let slotCount = 64
    private let table: ConditionTable
    private let slots: UnsafeMutablePointer<Slot>

    init(_ table: ConditionTable = ConditionTable()) {
        self.table = table
        slots = .allocate(capacity: ConditionMemo.slotCount)
        slots.initialize(repeating: Slot(), count: ConditionMemo.slotCount)
    }

    deinit { slots.deallocate() }

    /// As `ConditionTable.flags`.
    @inline(__always)
    func flags(_ conditions: TradeConditions, market: Market) -> TradeFlags {
        if conditions.isEmpty || market == .continuous { return .regular }
        let mixed = conditions.packed &* 0x9E37_79B9_7F4A_7C15
        let slot = slots + Int(truncatingIfNeeded: mixed >> 58)
        if slot.pointee.packed == conditions.packed { return slot.pointee.flags }
        slot.pointee = Slot(
            packed: conditions.packed, flags: table.flags(conditions, market: market))
        return slot.pointee.flags
    }
}
