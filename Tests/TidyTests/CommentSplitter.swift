/// Parts Swift (or C) text into code and comments of the same shape, line by line.
///
/// String contents and back-ticked names go to neither; what a string interpolates is code.
struct CommentSplitter {
    private enum Place {
        case code(parentheses: Int)
        case string(hashes: Int, isMultiline: Bool)
        case lineComment
        case blockComment
        case name
    }

    private let text: [UInt8]
    private var index = 0
    private var places: [Place] = [.code(parentheses: 0)]
    private var code: [UInt8] = []
    private var comments: [UInt8] = []

    static func split(_ text: String) -> (code: String, comments: String) {
        var splitter = CommentSplitter(text: Array(text.utf8))
        while splitter.index < splitter.text.count { splitter.step() }
        return (
            String(decoding: splitter.code, as: UTF8.self),
            String(decoding: splitter.comments, as: UTF8.self)
        )
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func step() {
        switch places[places.count - 1] {
        case .code(let parentheses): stepInCode(parentheses)
        case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
        case .lineComment:
            if text[index] == UInt8(ascii: "\n") { places.removeLast() }
            takeOne(isComment: true)
        case .blockComment: stepInBlockComment()
        case .name:
            if matches("`") || matches("\n") { places.removeLast() }
            skip(1)
        }
    }

    private mutating func stepInCode(_ parentheses: Int) {
        if Self.isPlain(text[index]) {
            takeOne(isComment: false)
        } else if matches("//") {
            places.append(.lineComment)
        } else if matches("/*") {
            places.append(.blockComment)
            take(2, isComment: true)
        } else if matches("`") {
            places.append(.name)
            skip(1)
        } else if let hashes = hashesBeforeQuote() {
            index += hashes
            code += Array(repeating: UInt8(ascii: " "), count: hashes)
            comments += Array(repeating: UInt8(ascii: " "), count: hashes)
            let isMultiline = matches("\"\"\"")
            places.append(.string(hashes: hashes, isMultiline: isMultiline))
            skip(isMultiline ? 3 : 1)
        } else {
            count(parentheses)
            takeOne(isComment: false)
        }
    }

    /// Neither opens nor closes anything.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte >= 0x30 && byte < 0x60 || byte > 0x60
    }

    /// Leaves an interpolation at the parenthesis that closes it.
    private mutating func count(_ parentheses: Int) {
        if matches("(") {
            places[places.count - 1] = .code(parentheses: parentheses + 1)
        } else if matches(")") {
            if parentheses == 1, places.count > 1 {
                places.removeLast()
            } else {
                places[places.count - 1] = .code(parentheses: parentheses - 1)
            }
        }
    }

    private mutating func stepInString(_ hashes: Int, _ isMultiline: Bool) {
        let quotes = isMultiline ? 3 : 1
        if isMultiline ? matches("\"\"\"") : matches("\""), hasHashes(hashes, after: quotes) {
            places.removeLast()
            skip(quotes + hashes)
        } else if opensInterpolation(hashes) {
            skip(1 + hashes)
            places.append(.code(parentheses: 1))
            takeOne(isComment: false)
        } else if matches("\\"), hashes == 0, index + 1 < text.count {
            skip(2)
        } else {
            if matches("\n"), !isMultiline { places.removeLast() }
            skip(1)
        }
    }

    private func opensInterpolation(_ hashes: Int) -> Bool {
        guard matches("\\"), hasHashes(hashes, after: 1) else { return false }
        let end = index + 1 + hashes
        return end < text.count && text[end] == UInt8(ascii: "(")
    }

    private mutating func stepInBlockComment() {
        if matches("*/") {
            places.removeLast()
            take(2, isComment: true)
        } else if matches("/*") {
            places.append(.blockComment)
            take(2, isComment: true)
        } else {
            takeOne(isComment: true)
        }
    }

    /// How many `#` stand before an opening quote here. `nil`: no string opens here.
    private func hashesBeforeQuote() -> Int? {
        var end = index
        while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
        return end < text.count && text[end] == UInt8(ascii: "\"") ? end - index : nil
    }

    private func matches(_ expected: StaticString) -> Bool {
        matches(expected.utf8Start, expected.utf8CodeUnitCount)
    }

    private func matches(_ expected: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard index + count <= text.count else { return false }
        var offset = 0
        while offset < count {
            if text[index + offset] != expected[offset] { return false }
            offset += 1
        }
        return true
    }

    /// Whether so many `#` stand so far on.
    private func hasHashes(_ count: Int, after distance: Int) -> Bool {
        let start = index + distance
        guard start + count <= text.count else { return false }
        return text[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func take(_ count: Int, isComment: Bool) {
        for _ in 0..<min(count, text.count - index) { takeOne(isComment: isComment) }
    }

    private mutating func takeOne(isComment: Bool) {
        let byte = text[index]
        let blank = byte == 0x0A ? byte : 0x20
        code.append(isComment ? blank : byte)
        comments.append(isComment ? byte : blank)
        index += 1
    }

    private mutating func skip(_ count: Int) {
        for byte in text[index..<min(index + count, text.count)] {
            let blank: UInt8 = byte == 0x0A ? byte : 0x20
            code.append(blank)
            comments.append(blank)
        }
        index += count
    }
}
