/// The rows of a list as CSV, RFC 4180.
enum CSV {
    static let contentType = "text/csv; charset=utf-8; header=present"

    /// One line of names, then one a row; what is `null` is empty, what is nested is JSON.
    static func bytes(_ rows: [JSON], columns: [String]) -> [UInt8] {
        var lines = [columns.joined(separator: ",")]
        for row in rows {
            guard case .object(let members) = row else { continue }
            lines.append(members.map { cell($0.value) }.joined(separator: ","))
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private static func cell(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .number(let digits): digits
        case .text(let text): quoted(harmless(text))
        case .list, .object: quoted(String(decoding: value.bytes, as: UTF8.self))
        }
    }

    /// A headline that begins like a formula must not become one in a spreadsheet.
    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first)
        else { return text }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
