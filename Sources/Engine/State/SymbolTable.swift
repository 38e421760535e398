import MarketModel

/// Gives each symbol a small dense number, in the order in which the log first names them.
///
/// Open addressing with linear probing in one run of memory; a symbol seen before costs one hash
/// and, mostly, one comparison. A slot holds a part of the hash in place of the symbol, so that the
/// slots of thousands of symbols stay in the core's cache.
///
/// Holds at most `symbolsMax` symbols, so that hostile input cannot eat the memory.
struct SymbolTable: ~Copyable {
    var symbolsMax: Int
    private(set) var symbols: [Symbol] = []
    private var slots: UnsafeMutablePointer<Slot>
    private var mask: UInt64

    private struct Slot: BitwiseCopyable {
        /// The high half of the symbol's hash.
        var mark: UInt32 = 0
        /// 0 is empty.
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
        number(of: symbol) { symbols[Int($0)] == symbol }
    }

    /// The number that the symbol has if it has one: another symbol's, once in four billion. For
    /// those who look whether it is the symbol's before they use it.
    @inline(__always)
    func likelyNumber(of symbol: Symbol) -> Int32? { number(of: symbol) { _ in true } }

    @inline(__always)
    private func number(of symbol: Symbol, where isOfSymbol: (Int32) -> Bool) -> Int32? {
        let hash = SymbolTable.hash(symbol)
        var index = hash & mask
        while true {
            let slot = slots[Int(truncatingIfNeeded: index)]
            if slot.numberPlusOne == 0 { return nil }
            if slot.mark == SymbolTable.mark(hash), isOfSymbol(slot.numberPlusOne - 1) {
                return slot.numberPlusOne - 1
            }
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
        let hash = SymbolTable.hash(symbol)
        var index = hash & mask
        while slots[Int(index)].numberPlusOne != 0 { index = (index + 1) & mask }
        slots[Int(index)] = Slot(mark: SymbolTable.mark(hash), numberPlusOne: number + 1)
    }

    @inline(__always)
    private static func mark(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    /// Multiply and fold: the high half of the product mixes all characters into the low bits.
    @inline(__always)
    private static func hash(_ symbol: Symbol) -> UInt64 {
        let mixed = (symbol.head ^ (symbol.tail &* 0x9E37_79B9_7F4A_7C15))
            .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return mixed.high ^ mixed.low
    }
}
