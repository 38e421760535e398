import Testing

@Suite struct `House rules` {
    private static let repository = Result { try Repository.files() }

    let files: [SourceFile]

    init() throws {
        files = try Self.repository.get()
        try #require(files.count { !$0.isTest } > 30)
    }

    private var swiftFiles: [SourceFile] { files.filter(\.isSwift) }

    private func expectNone(
        _ offences: [Offence], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let list = offences.map(\.description).joined(separator: "\n")
        #expect(offences.isEmpty, "\n\(list)", sourceLocation: sourceLocation)
    }

    @Test func `lines have at most 100 columns`() {
        expectNone(swiftFiles.flatMap(SizeRules.longLines))
    }

    @Test func `files have at most 500 lines`() {
        expectNone(swiftFiles.flatMap(SizeRules.longFile))
    }

    @Test func `functions have at most 70 lines`() {
        expectNone(swiftFiles.flatMap(SizeRules.longFunctions))
    }

    @Test func `modules import along the arrows only`() {
        expectNone(files.flatMap(ImportRules.wrongArrows))
    }

    @Test func `each C shim has one importer`() {
        expectNone(ImportRules.sharedShims(files))
    }

    @Test func `only the system clock reads the time`() {
        expectNone(files.flatMap(WordRules.clockReads))
    }

    @Test func `nothing traps in place of an error`() {
        expectNone(files.flatMap(WordRules.trapping))
    }

    @Test func `unchecked concurrency says what protects the state`() {
        expectNone(files.flatMap(WordRules.unexplained))
    }

    @Test func `types have telling names`() {
        expectNone(swiftFiles.flatMap(WordRules.vagueNames))
    }

    @Test func `no type is named as a module`() {
        let modules = Set(files.filter { !$0.isTest }.map(\.module))
        expectNone(swiftFiles.flatMap { WordRules.moduleNames($0, modules) })
    }

    @Test func `no comment puts work off`() {
        expectNone(files.flatMap(WordRules.remindersLeft))
    }

    @Test func `every test file expects something`() {
        expectNone(swiftFiles.flatMap(WordRules.testsNothing))
    }

    @Test func `shim headers hold only what Swift cannot reach`() {
        let modulesWithC = Set(files.filter { $0.path.hasSuffix(".c") }.map(\.module))
        expectNone(
            files.flatMap { ShimRules.substance($0, hasCFile: modulesWithC.contains($0.module)) })
    }
}
