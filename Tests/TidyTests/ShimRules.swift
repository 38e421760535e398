/// What a C header of ours may hold.
enum ShimRules {
    /// Anything but preprocessor lines and inline functions.
    ///
    /// A shim with a C file beside it may also declare the functions that file defines.
    static func substance(_ file: SourceFile, hasCFile: Bool) -> [Offence] {
        guard file.name == "shim.h" else { return [] }
        var offences: [Offence] = []
        var (isContinued, braces, isInline) = (false, 0, false)
        for (index, line) in file.code.enumerated() {
            let text = line.drop { $0 == " " || $0 == "\t" }
            let isPreprocessor = isContinued || text.hasPrefix("#")
            isContinued = isPreprocessor && text.hasSuffix("\\")
            if isPreprocessor || text.isEmpty { continue }
            if braces == 0, !isInline { isInline = text.hasPrefix("static inline ") }
            if !isInline, !(hasCFile && isPrototype(text)) {
                offences.append(file.offence(index, "neither macro, include nor inline function"))
            }
            braces += text.count { $0 == "{" } - text.count { $0 == "}" }
            if braces == 0, text.contains("}") { isInline = false }
        }
        return offences
    }

    private static func isPrototype(_ text: Substring) -> Bool {
        text.contains("(") && text.hasSuffix(");") && !text.hasPrefix("typedef")
    }
}
