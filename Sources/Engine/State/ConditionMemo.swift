import Analytics
import MarketModel

/// What sale conditions allow, remembered by their packed ids: a tape uses a few dozen
/// combinations.
struct ConditionMemo: ~Copyable {
    private struct Slot: BitwiseCopyable {
        /// No conditions, at first: those are at a place of their own.
        var packed: UInt64 = 0
        var flags = TradeFlags.regular
    }

    private static let slotCount = 64
    /// Behind a pointer: of a memo that is borrowed for a trade, all that lies in it is copied.
    private let table: UnsafeMutablePointer<ConditionTable>
    private let slots: UnsafeMutablePointer<Slot>

    init(_ table: ConditionTable = ConditionTable()) {
        self.table = .allocate(capacity: 1)
        self.table.initialize(to: table)
        slots = .allocate(capacity: ConditionMemo.slotCount)
        slots.initialize(repeating: Slot(), count: ConditionMemo.slotCount)
    }

    deinit {
        table.deallocate()
        slots.deallocate()
    }

    /// As `ConditionTable.flags`.
    @inline(__always)
    func flags(_ conditions: TradeConditions, market: Market) -> TradeFlags {
        // No conditions are looked up like others: which trade has some, nobody can foretell.
        if market == .continuous { return .regular }
        let mixed = conditions.packed &* 0x9E37_79B9_7F4A_7C15
        let slot = slots + Int(truncatingIfNeeded: mixed >> 58)
        if slot.pointee.packed == conditions.packed { return slot.pointee.flags }
        slot.pointee = Slot(
            packed: conditions.packed, flags: table.pointee.flags(conditions, market: market))
        return slot.pointee.flags
    }
}
