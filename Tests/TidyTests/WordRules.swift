/// Words that the code must not hold, or only in one place.
enum WordRules {
    static let clocks = [
        "Date()", "Date.now", "Date.init", "ContinuousClock", "SuspendingClock", "Task.sleep",
        "clock_gettime", "gettimeofday", "DispatchTime.now", "DispatchWallTime.now",
    ]
    static let traps = ["try!", "as!", "fatalError("]
    static let unguarded = ["@unchecked Sendable", "nonisolated(unsafe)"]
    static let vagueSuffixes = [
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Data",
        "Info",
    ]
    /// Spelled in parts, so that this very file is no offence.
    static let reminders = ["TO" + "DO", "FIX" + "ME"]

    static func clockReads(_ file: SourceFile) -> [Offence] {
        guard !file.isTest, file.name != "SystemClock.swift" else { return [] }
        return offences(file, file.code, clocks)
    }

    static func trapping(_ file: SourceFile) -> [Offence] { offences(file, file.code, traps) }

    static func remindersLeft(_ file: SourceFile) -> [Offence] {
        offences(file, file.comments, reminders)
    }

    /// Unchecked promises to the compiler without a comment above the declaration.
    static func unexplained(_ file: SourceFile) -> [Offence] {
        offences(file, file.code, unguarded).filter { !hasCommentAbove(file, $0.line - 1) }
    }

    static func vagueNames(_ file: SourceFile) -> [Offence] {
        declaredTypes(file).filter { type in vagueSuffixes.contains { type.name.hasSuffix($0) } }
            .map { file.offence($0.line, "a type named \($0.name)") }
    }

    static func moduleNames(_ file: SourceFile, _ modules: Set<String>) -> [Offence] {
        declaredTypes(file).filter { modules.contains($0.name) }
            .map { file.offence($0.line, "\($0.name) is a module's name") }
    }

    static func testsNothing(_ file: SourceFile) -> [Offence] {
        guard file.isTest, let test = file.code.firstIndex(where: { $0.contains("@Test") }),
            !file.code.contains(where: { $0.contains("#expect") || $0.contains("#require") })
        else { return [] }
        return [file.offence(test, "a test without #expect or #require")]
    }

    static func declaredTypes(_ file: SourceFile) -> [(line: Int, name: String)] {
        let keywords: Set<Substring> = [
            "struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype",
        ]
        return file.code.indices.flatMap { index in
            let words = file.code[index].split(separator: " ")
            return zip(words, words.dropFirst()).compactMap {
                keyword, next -> (line: Int, name: String)? in
                guard keywords.contains(keyword) else { return nil }
                let name = next.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                // A class may also open a class member, and "import struct" names another's type.
                guard name.first?.isUppercase == true, !words.contains("import") else { return nil }
                return (index, String(name))
            }
        }
    }

    private static func offences(_ file: SourceFile, _ lines: [String], _ words: [String])
        -> [Offence]
    {
        guard file.isSwift else { return [] }
        return lines.indices.flatMap { index in
            words.filter { contains(lines[index], $0) }.map { file.offence(index, $0) }
        }
    }

    /// The word stands in the line by itself, not at the end of a longer one.
    private static func contains(_ line: String, _ word: String) -> Bool {
        line.ranges(of: word).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    private static func hasCommentAbove(_ file: SourceFile, _ offender: Int) -> Bool {
        let keywords: Set<Substring> = [
            "class", "struct", "enum", "extension", "var", "let", "func",
        ]
        var line = offender
        while line > 0, file.code[line].split(separator: " ").allSatisfy({ !keywords.contains($0) })
        {
            line -= 1
        }
        line -= 1
        while line >= 0, file.code[line].drop(while: { $0 == " " }).hasPrefix("@") { line -= 1 }
        return line >= 0 && file.comments[line].contains { $0 != " " }
    }
}
