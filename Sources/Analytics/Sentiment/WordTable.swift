/// Words by their lower-case UTF-8 bytes: open addressing over one block of memory, so a lookup
/// allocates nothing and asks no `String`.
struct WordTable: Sendable {
    private struct Slot {
        var hash: UInt64 = 0
        var start = 0
        var length = 0
        var word = SentimentWord()
    }

    private var slots: [Slot]
    private var spellings: [UInt8] = []
    private let mask: Int

    init(_ words: [String: SentimentWord]) {
        var capacity = 64
        while capacity < words.count * 4 { capacity *= 2 }
        slots = Array(repeating: Slot(), count: capacity)
        mask = capacity - 1
        for (spelling, word) in words where !spelling.isEmpty {
            insert(Array(spelling.utf8), word)
        }
    }

    /// The word whose bytes, in lower case, are `token`'s. Capitals beyond ASCII match nothing: no
    /// entry has such letters.
    func word(_ token: UnsafeBufferPointer<UInt8>) -> SentimentWord? {
        let hash = Self.hash(token)
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].length > 0 {
            if slots[index].hash == hash, matches(slots[index], token) { return slots[index].word }
            index = (index + 1) & mask
        }
        return nil
    }

    private mutating func insert(_ spelling: [UInt8], _ word: SentimentWord) {
        let hash = spelling.withUnsafeBufferPointer(Self.hash)
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].length > 0 { index = (index + 1) & mask }
        slots[index] = Slot(
            hash: hash, start: spellings.count, length: spelling.count, word: word)
        spellings += spelling
    }

    private func matches(_ slot: Slot, _ token: UnsafeBufferPointer<UInt8>) -> Bool {
        guard slot.length == token.count else { return false }
        for offset in 0..<slot.length
        where spellings[slot.start + offset] != token[offset].lowercasedASCII {
            return false
        }
        return true
    }

    /// FNV-1a, https://www.rfc-editor.org/rfc/rfc9923, folded so that the low bits depend on all.
    private static func hash(_ token: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in token {
            hash = (hash ^ UInt64(byte.lowercasedASCII)) &* 0x0000_0100_0000_01B3
        }
        return hash ^ (hash >> 32)
    }
}

extension UInt8 {
    var isCapitalASCII: Bool { self &- 0x41 < 26 }
    var isSmallASCII: Bool { self &- 0x61 < 26 }
    var lowercasedASCII: UInt8 { isCapitalASCII ? self | 0x20 : self }

    /// What Python's `str.split` parts words at, below 0x80.
    var isBlankASCII: Bool { self == 0x20 || self &- 0x09 < 5 || self &- 0x1C < 4 }

    var isPunctuationASCII: Bool {
        self &- 0x21 < 15 || self &- 0x3A < 7 || self &- 0x5B < 6 || self &- 0x7B < 4
    }

    /// The second and later bytes of a scalar's UTF-8.
    var isContinuation: Bool { self & 0xC0 == 0x80 }
}
