/// How long lines, files and functions may be.
enum SizeRules {
    static let columnsMax = 100
    static let fileLinesMax = 500
    static let functionLinesMax = 70

    static func longLines(_ file: SourceFile) -> [Offence] {
        file.lines.indices.filter { file.lines[$0].count > columnsMax }.map {
            file.offence($0, "\(file.lines[$0].count) columns")
        }
    }

    static func longFile(_ file: SourceFile) -> [Offence] {
        guard file.lines.count > fileLinesMax else { return [] }
        return [file.offence(fileLinesMax, "\(file.lines.count) lines")]
    }

    static func longFunctions(_ file: SourceFile) -> [Offence] {
        file.code.indices.compactMap { start in
            guard let column = declaration(in: file.code[start]),
                let end = bodyEnd(file.code, from: start, column: column),
                end - start + 1 > functionLinesMax
            else { return nil }
            return file.offence(start, "a function of \(end - start + 1) lines")
        }
    }

    /// Where `func`, `init` or `subscript` declares something in the line.
    private static func declaration(in line: String) -> Int? {
        let bytes = Array(line.utf8)
        for keyword in ["func ", "init(", "init?(", "init<", "subscript("] {
            let keyword = Array(keyword.utf8)
            guard bytes.count >= keyword.count else { continue }
            for column in 0...bytes.count - keyword.count
            where bytes[column...].starts(with: keyword)
                && (column == 0 || bytes[column - 1] == UInt8(ascii: " "))
            {
                return column
            }
        }
        return nil
    }

    /// The line that closes the declaration's body. `nil`: it has none, as in a protocol.
    private static func bodyEnd(_ code: [String], from start: Int, column: Int) -> Int? {
        var (parentheses, braces) = (0, 0)
        for index in start..<code.count {
            if index > start, braces == 0, parentheses == 0, opensDeclaration(code[index]) {
                return nil
            }
            for byte in code[index].utf8.dropFirst(index == start ? column : 0) {
                switch byte {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case UInt8(ascii: "}") where parentheses == 0: return nil
                default: break
                }
            }
        }
        return nil
    }

    private static func opensDeclaration(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        let keywords: Set<Substring> = [
            "func", "var", "let", "case", "static", "mutating", "struct",
        ]
        return words.first.map(keywords.contains) ?? false || declaration(in: line) != nil
    }
}
