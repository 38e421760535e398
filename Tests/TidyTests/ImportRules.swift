/// Which module may import which of ours.
enum ImportRules {
    static let arrows: [String: Set<String>] = [
        "MarketModel": [],
        "Analytics": ["MarketModel"],
        "TicktopConfiguration": ["MarketModel"],
        "Engine": ["MarketModel", "Analytics", "COpenSSL", "CPrefetch"],
        "Feeds": ["MarketModel"],
        "Storage": ["MarketModel", "CZlib", "CSQLiteShim"],
        "Kafka": ["MarketModel", "CRdKafka"],
        "API": ["MarketModel", "Engine"],
        "Export": ["MarketModel", "CSnappy"],
        "TUI": ["MarketModel", "Engine", "Export", "CNcurses"],
        "Remote": ["MarketModel", "Engine"],
        "ticktop": [
            "MarketModel", "Analytics", "Engine", "Feeds", "Kafka", "Storage", "API", "TUI",
            "Remote", "Export",
            "TicktopConfiguration",
        ],
    ]
    static let shims: Set<String> = [
        "CNcurses", "COpenSSL", "CPrefetch", "CRdKafka", "CSQLiteShim", "CSnappy", "CZlib",
    ]

    static func wrongArrows(_ file: SourceFile) -> [Offence] {
        guard file.isSwift, !file.isTest else { return [] }
        guard let allowed = arrows[file.module] else {
            return [file.offence(0, "\(file.module) has no arrows in ImportRules")]
        }
        let ours = shims.union(arrows.keys)
        return imports(file).filter { ours.contains($0.module) && !allowed.contains($0.module) }
            .map { file.offence($0.line, "\(file.module) imports \($0.module)") }
    }

    /// Every file of a second module that imports a shim, and every second file of TUI.
    static func sharedShims(_ files: [SourceFile]) -> [Offence] {
        var owners: [String: SourceFile] = [:]
        var offences: [Offence] = []
        for file in files where file.isSwift && !file.isTest {
            for (line, shim) in imports(file) where shims.contains(shim) {
                guard let owner = owners[shim] else {
                    owners[shim] = file
                    continue
                }
                if owner.module != file.module || file.module == "TUI" {
                    offences.append(
                        file.offence(line, "\(shim) is imported by \(owner.path) already"))
                }
            }
        }
        return offences
    }

    static func imports(_ file: SourceFile) -> [(line: Int, module: String)] {
        file.code.indices.compactMap { index in
            guard file.code[index].contains("import") else { return nil }
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "let", "var",
            ]
            let words = file.code[index].split(separator: " ").filter { !kinds.contains($0) }
            guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
                words[..<position].allSatisfy(isModifier)
            else { return nil }
            return (index, String(words[position + 1].prefix { $0 != "." && $0 != ";" }))
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        ["public", "package", "internal", "private", "fileprivate"].contains(word)
            || word.hasPrefix("@")
    }
}
