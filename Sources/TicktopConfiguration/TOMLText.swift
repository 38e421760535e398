import TOMLKit

/// A TOML text taken apart: each leaf with its value and its place.
struct TOMLText {
    enum Value: Equatable {
        case setting(SettingValue)
        /// Dates, arrays of other than texts, and the like: no key of ours takes one. The text is
        /// for errors.
        case other(String)
    }

    struct Entry: Equatable {
        var path: [String]
        var value: Value
        var keyPosition: TextPosition
        var valuePosition: TextPosition
    }

    /// In the order of the text.
    let entries: [Entry]
    /// Tables with a header or made by a dotted key, also empty ones.
    let tables: [(path: [String], position: TextPosition)]

    /// Throws the parser's first complaint: after it, nothing that follows can be trusted.
    init(_ text: String, source: String) throws(ConfigurationError) {
        let places = TOMLPlaces(text)
        if let nul = text.unicodeScalars.firstIndex(of: "\0") {
            throw TOMLText.error(
                "a TOML text has no NUL character", source, TOMLText.position(of: nul, in: text))
        }
        if let gap = places.firstGap {
            // What is wrong above it comes first.
            let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            let above = lines.prefix(gap.statementLine - 1).map { String($0) }
            _ = try TOMLText.parse(above.joined(separator: "\n"), source: source)
            throw TOMLText.error("expected \(gap.expected)", source, gap.position)
        }
        let root = try TOMLText.parse(text, source: source)
        var entries: [Entry] = []
        var tables: [(path: [String], position: TextPosition)] = []
        // The values point into the root, so it has to outlive them.
        withExtendedLifetime(root) {
            TOMLText.walk(root, [], places, &entries, &tables)
        }
        self.entries = entries.sorted { $0.keyPosition.isBefore($1.keyPosition) }
        self.tables = tables.sorted { $0.position.isBefore($1.position) }
    }

    private static func parse(_ text: String, source: String) throws(ConfigurationError)
        -> TOMLTable
    {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let begin = error.source.begin
            throw self.error(
                error.description, source, TextPosition(line: begin.line, column: begin.column))
        } catch {
            throw self.error("\(error)", source, nil)
        }
    }

    private static func error(_ message: String, _ source: String, _ position: TextPosition?)
        -> ConfigurationError
    {
        ConfigurationError([
            ConfigurationProblem(source: source, position: position, key: "", message: message)
        ])
    }

    private static func walk(
        _ table: TOMLTable, _ path: [String], _ places: TOMLPlaces, _ entries: inout [Entry],
        _ tables: inout [(path: [String], position: TextPosition)]
    ) {
        let start = TextPosition(line: 1, column: 1)
        for key in table.keys {
            let keyPath = path + [key]
            let place = places.places[keyPath]
            if let inner = table[key]?.table {
                tables.append((path: keyPath, position: place?.key ?? start))
                walk(inner, keyPath, places, &entries, &tables)
            } else if let value = table[key] {
                entries.append(
                    Entry(
                        path: keyPath, value: self.value(value),
                        keyPosition: place?.key ?? start, valuePosition: place?.value ?? start))
            }
        }
    }

    private static func value(_ value: any TOMLValueConvertible) -> Value {
        switch value.type {
        case .bool: if let flag = value.bool { return .setting(.flag(flag)) }
        case .int: if let count = value.int { return .setting(.integer(count)) }
        case .double: if let number = value.double { return .setting(.number(number)) }
        case .string: if let text = value.string { return .setting(.text(text)) }
        case .array:
            let elements = value.array.map { Array($0) } ?? []
            let texts = elements.compactMap(\.string)
            if texts.count == elements.count { return .setting(.list(texts)) }
        default: break
        }
        return .other(value.type == .array ? "an array of other than texts" : "a \(value.type)")
    }

    private static func position(of index: String.UnicodeScalarView.Index, in text: String)
        -> TextPosition
    {
        var position = TextPosition(line: 1, column: 1)
        for scalar in text.unicodeScalars[..<index] {
            position =
                scalar == "\n"
                ? TextPosition(line: position.line + 1, column: 1)
                : TextPosition(line: position.line, column: position.column + 1)
        }
        return position
    }
}

extension TextPosition {
    fileprivate func isBefore(_ other: TextPosition) -> Bool {
        (line, column) < (other.line, other.column)
    }
}
