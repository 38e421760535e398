import MarketModel

/// Gives each symbol a small dense number, in the order in which the log first names them.
///
/// Open addressing with linear probing in one run of memory; a symbol seen before costs one hash
/// and, mostly, one comparison. Holds at most `symbolsMax` symbols, so that hostile input cannot
/// eat the memory.
struct SymbolTable: ~Copyable {
    var symbolsMax: Int
    private(set) var symbols: [Symbol] = []
    /// Number + 1 of the symbol in each slot; 0 is empty.
    private var slots: UnsafeMutablePointer<Slot>
    private var mask: UInt64

    private struct Slot: BitwiseCopyable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var numberPlusOne: Int32 = 0
    }

    init(symbolsMax: Int) {
        self.symbolsMax = symbolsMax
        let capacity = 64
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        mask = UInt64(capacity - 1)
    }

    deinit { slots.deallocate() }

    var count: Int { symbols.count }

    /// The symbol's number; `nil` when the log has not named it.
    @inline(__always)
    func number(of symbol: Symbol) -> Int32? {
        var index = SymbolTable.hash(symbol) & mask
        while true {
            let slot = slots + Int(truncatingIfNeeded: index)
            if slot.pointee.head == symbol.head, slot.pointee.tail == symbol.tail,
                slot.pointee.numberPlusOne != 0
            {
                return slot.pointee.numberPlusOne - 1
            }
            if slot.pointee.numberPlusOne == 0 { return nil }
            index = (index + 1) & mask
        }
    }

    /// Where looking for a symbol begins.
    @inline(__always)
    func place(of symbol: Symbol) -> UnsafeRawPointer {
        UnsafeRawPointer(slots + Int(truncatingIfNeeded: SymbolTable.hash(symbol) & mask))
    }

    /// Gives a symbol that has no number the next one; `nil` when the table holds `symbolsMax`.
    mutating func intern(_ symbol: Symbol) -> Int32? {
        if let number = number(of: symbol) { return number }
        guard symbols.count < symbolsMax else { return nil }
        if symbols.count * 2 > Int(mask) { grow() }
        symbols.append(symbol)
        place(symbol, number: Int32(symbols.count - 1))
        return Int32(symbols.count - 1)
    }

    private mutating func grow() {
        slots.deallocate()
        let capacity = (Int(mask) + 1) * 2
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        mask = UInt64(capacity - 1)
        for (number, symbol) in symbols.enumerated() { place(symbol, number: Int32(number)) }
    }

    private func place(_ symbol: Symbol, number: Int32) {
        var index = SymbolTable.hash(symbol) & mask
        while slots[Int(index)].numberPlusOne != 0 { index = (index + 1) & mask }
        slots[Int(index)] = Slot(
            head: symbol.head, tail: symbol.tail, numberPlusOne: number + 1)
    }

    /// Multiply and fold: the high half of the product mixes all characters into the low bits.
    @inline(__always)
    private static func hash(_ symbol: Symbol) -> UInt64 {
        let mixed = (symbol.head ^ (symbol.tail &* 0x9E37_79B9_7F4A_7C15))
            .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return mixed.high ^ mixed.low
    }
}
