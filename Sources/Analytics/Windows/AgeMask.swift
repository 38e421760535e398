/// A set of ages in seconds, 0 to 299: which of the last five minutes' seconds have had trades.
struct AgeMask: BitwiseCopyable, Sendable {
    private static let wordCount = 5
    /// Ages of the last word that exist.
    private static let lastWord: UInt64 = 1 << 44 - 1

    private var words = InlineArray<5, UInt64>(repeating: 0)

    @inline(__always)
    subscript(age: Int) -> Bool { words[age >> 6] >> UInt64(age & 63) & 1 == 1 }

    @inline(__always)
    mutating func insert(_ age: Int) { words[age >> 6] |= 1 << UInt64(age & 63) }

    /// How many are below `age`, at most 300.
    func count(below age: Int) -> Int {
        var sum = 0
        for word in 0..<(age >> 6) { sum += words[word].nonzeroBitCount }
        guard age & 63 > 0 else { return sum }
        return sum + (words[age >> 6] & (1 << UInt64(age & 63) &- 1)).nonzeroBitCount
    }

    /// How many are `age`, at most 299, or more.
    @inline(__always)
    func count(from age: Int) -> Int {
        guard age >> 6 == AgeMask.wordCount - 1 else { return countFar(from: age) }
        // Nearly always none.
        let old = words[AgeMask.wordCount - 1] >> UInt64(age & 63)
        return old == 0 ? 0 : old.nonzeroBitCount
    }

    @inline(never)
    private func countFar(from age: Int) -> Int {
        var sum = (words[age >> 6] >> UInt64(age & 63)).nonzeroBitCount
        for word in (age >> 6 + 1)..<AgeMask.wordCount { sum += words[word].nonzeroBitCount }
        return sum
    }

    /// The `count` ages from `age` on, fewer than 64 of them; bit 0 is `age` itself.
    @inline(__always)
    func bits(from age: Int, count: Int) -> UInt64 {
        let (word, shift) = (age >> 6, UInt64(age & 63))
        var bits = words[word] >> shift
        if shift > 0, word + 1 < AgeMask.wordCount { bits |= words[word + 1] << (64 - shift) }
        return bits & (1 << UInt64(count) &- 1)
    }

    /// All grow older by so many seconds, 1 to 300. What is 300 then is gone.
    @inline(__always)
    mutating func age(by seconds: Int) {
        if seconds < 64 {
            let (shift, carry) = (UInt64(seconds), UInt64(64 - seconds))
            for word in stride(from: AgeMask.wordCount - 1, to: 0, by: -1) {
                words[word] = words[word] << shift | words[word - 1] >> carry
            }
            words[0] <<= shift
        } else {
            ageFar(by: seconds)
        }
        words[AgeMask.wordCount - 1] &= AgeMask.lastWord
    }

    @inline(never)
    private mutating func ageFar(by seconds: Int) {
        let before = words
        let (whole, shift) = (seconds >> 6, UInt64(seconds & 63))
        for word in 0..<AgeMask.wordCount {
            var bits: UInt64 = word >= whole ? before[word - whole] << shift : 0
            if shift > 0, word > whole { bits |= before[word - whole - 1] >> (64 - shift) }
            words[word] = bits
        }
    }
}
