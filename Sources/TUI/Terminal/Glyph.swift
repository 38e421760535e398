/// What one cell shows: a character with at most two marks on it, packed into one integer.
public struct Glyph: Hashable, BitwiseCopyable, Sendable {
    /// The right half of a wide character. Never written by itself.
    static let continuation = Glyph(packed: 0)
    static let space = Glyph(" ")

    /// 21 bits each: the character, lowest, then its marks.
    private var packed: UInt64

    private init(packed: UInt64) { self.packed = packed }

    init(_ base: Unicode.Scalar) { packed = UInt64(base.value) }

    /// Columns it takes, 1 or 2; 0 for a continuation.
    var width: Int { self == .continuation ? 0 : CharacterWidth.columns(of: base) }

    var base: UInt32 { UInt32(packed & 0x1F_FFFF) }
    var firstMark: UInt32 { UInt32(packed >> 21 & 0x1F_FFFF) }
    var secondMark: UInt32 { UInt32(packed >> 42 & 0x1F_FFFF) }

    /// A third mark and beyond are left out.
    mutating func add(mark: Unicode.Scalar) {
        if firstMark == 0 {
            packed |= UInt64(mark.value) << 21
        } else if secondMark == 0 {
            packed |= UInt64(mark.value) << 42
        }
    }

    /// Empty for a continuation.
    var text: String {
        var text = String.UnicodeScalarView()
        for value in [base, firstMark, secondMark] where value != 0 {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}

/// How many columns a character takes in a terminal.
enum CharacterWidth {
    /// 2 for East Asian wide and full-width characters and for emoji, else 1.
    ///
    /// After Unicode's EastAsianWidth; ambiguous characters count 1, as terminals outside CJK
    /// locales do.
    static func columns(of value: UInt32) -> Int {
        // What the screen draws with, at once: shapes and blocks, arrows, braille.
        if value < 0x1100 || (0x2400...0x25FC).contains(value) { return 1 }
        if (0x2190...0x22FF).contains(value) || (0x2800...0x28FF).contains(value) { return 1 }
        var (low, high) = (0, wide.count)
        while low < high {
            let middle = (low + high) / 2
            if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < wide.count && wide[low].contains(value) ? 2 : 1
    }

    /// In their order.

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
        0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
        0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
        0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
        0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
        0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x1F004...0x1F004,
        0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320,
        0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA,
        0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
        0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
        0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4,
        0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
        0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC,
        0x1F7E0...0x1F7EB, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
        0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
