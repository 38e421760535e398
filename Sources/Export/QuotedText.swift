/// Texts as CSV and JSON quote them.
public enum QuotedText {
    /// RFC 4180. A text that a spreadsheet would take for a formula is made a text again by an
    /// apostrophe: headlines are foreign words.
    public static func csv(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        return safe.contains { ",\"\r\n".contains($0) || $0 == "\r\n" }
            ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }

    /// With its quotation marks.
    public static func json(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}
