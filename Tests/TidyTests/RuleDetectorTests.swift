import Testing

/// The rules find planted offences, and leave the innocent alone.
@Suite struct `Rule detectors` {
    private func source(_ text: String, at path: String = "Sources/Engine/Part.swift")
        -> SourceFile
    {
        SourceFile(path: path, text: text)
    }

    private func lines(_ offences: [Offence]) -> [Int] { offences.map(\.line) }

    @Test func `comments, strings and back-ticked names are no code`() {
        let file = source(
            ##"""
            let a = "try! // not a comment" // as! here
            /* fatalError( /* nested */ try! */ let b = #"a " try! "#
            func `no try! here`() { print("sum \(try! sum("as!")) end") }
            let c = """
                as! "quoted"
                """
            """##)
        #expect(
            WordRules.trapping(file).map(\.description) == ["Sources/Engine/Part.swift:3: try!"])
        #expect(file.comments[0].contains("as! here"))
        #expect(file.comments[1].contains("nested"))
        #expect(file.code[1].contains("let b"))
        #expect(file.code.count == 6)
    }

    @Test func `a line of 101 columns is too long and one of 100 is not`() {
        let text = String(repeating: "é", count: 101) + "\n" + String(repeating: "x", count: 100)
        #expect(lines(SizeRules.longLines(source(text))) == [1])
    }

    @Test func `a file of 501 lines is too long and one of 500 is not`() {
        let line = "let a = 1\n"
        #expect(lines(SizeRules.longFile(source(String(repeating: line, count: 501)))) == [501])
        #expect(SizeRules.longFile(source(String(repeating: line, count: 500))).isEmpty)
    }

    @Test(arguments: [
        "func f(_ g: () -> Void = { }) throws -> Int {", "init(a: Int) {", "    init?(b: Int) {",
        "func f<T>(\n_ t: T\n) -> [T] where T: P {", "subscript(i: Int) -> Int {",
    ])
    func `a function of 71 lines is too long and one of 70 is not`(opening: String) {
        let body = 71 - opening.split(separator: "\n").count - 1
        let statement = "if a { b(\"}\") } // }\n"
        func function(_ count: Int) -> SourceFile {
            source(
                "protocol P { func g() -> Int }\n\(opening)\n"
                    + String(repeating: statement, count: count) + "}\nlet z = 1\n")
        }
        #expect(lines(SizeRules.longFunctions(function(body))) == [2])
        #expect(SizeRules.longFunctions(function(body - 1)).isEmpty)
    }

    @Test func `a requirement of a protocol does not borrow the next body`() {
        let body = String(repeating: "    var a: Int { 1 }\n", count: 90)
        let file = source("protocol P {\n    func f()\n    init(a: Int)\n}\nstruct S {\n\(body)}\n")
        #expect(SizeRules.longFunctions(file).isEmpty)
        let calls = String(repeating: "        self.init(a: 1)\n", count: 80)
        #expect(SizeRules.longFunctions(source("let a = {\n\(calls)}\n")).isEmpty)
    }

    @Test func `an import against the arrows is found however it is written`() {
        let file = source(
            """
            import MarketModel
            import Storage
            public import struct TUI.Theme
            @testable import API
            // import Feeds
            import Foundation
            """)
        #expect(lines(ImportRules.wrongArrows(file)) == [2, 3, 4])
        #expect(ImportRules.wrongArrows(source("import COpenSSL")).isEmpty)
        #expect(lines(ImportRules.wrongArrows(source("import CZlib"))) == [1])
        #expect(
            lines(ImportRules.wrongArrows(source("let a = 1", at: "Sources/New/A.swift"))) == [1])
    }

    @Test func `a shim's second importer is found`() {
        let first = source("import CNcurses", at: "Sources/TUI/A.swift")
        let sameModule = source("import CNcurses", at: "Sources/TUI/B.swift")
        let otherModule = source("import CZlib\nimport CNcurses", at: "Sources/Storage/C.swift")
        let again = source("import CZlib", at: "Sources/Storage/D.swift")
        let found = ImportRules.sharedShims([first, sameModule, otherModule, again])
        #expect(found.map(\.path) == ["Sources/TUI/B.swift", "Sources/Storage/C.swift"])
        #expect(lines(found) == [1, 2])
    }

    @Test func `clock reads are found outside the system clock`() {
        let text = """
            let a = Date()
            try await Task.sleep(for: .seconds(1))
            clock_gettime(CLOCK_REALTIME, &time)
            let b = ContinuousClock().now, c = DispatchTime.now()
            let d = CivilDate(), e = "Date()"  // Date()
            let f = tradeDate()
            """
        #expect(lines(WordRules.clockReads(source(text))) == [1, 2, 3, 4, 4])
        let clock = source(text, at: "Sources/MarketModel/SystemClock.swift")
        #expect(WordRules.clockReads(clock).isEmpty)
    }

    @Test func `traps are found`() {
        let file = source("try! f()\nlet b = a as! B\nfatalError(\"no\")\ntry? f()\na as? B")
        #expect(lines(WordRules.trapping(file)) == [1, 2, 3])
    }

    @Test func `an unchecked promise without a comment is found`() {
        let file = source(
            """
            let a = 1
            final class B: @unchecked Sendable {}
            // The lock protects it.
            final class C: @unchecked Sendable {}
            /// Written by one thread.
            @available(*, noasync)
            final class D<Element>:
                Sequence, @unchecked Sendable
            {
                nonisolated(unsafe) var e = 1
                // Only the poll thread writes it.
                nonisolated(unsafe) var f = 1
            }
            """)
        #expect(lines(WordRules.unexplained(file)) == [2, 10])
    }

    @Test func `vague and modules' names are found`() {
        let file = source(
            """
            struct TickData {}
            final class FeedManager<T> {}
            enum Dataset {}
            class func helper() -> FeedInfo {}
            import struct Foundation.Data
            actor Engine {}
            """)
        #expect(lines(WordRules.vagueNames(file)) == [1, 2])
        #expect(lines(WordRules.moduleNames(file, ["Engine", "Feeds"])) == [6])
    }

    @Test(arguments: WordRules.reminders)
    func `work put off in a comment is found`(word: String) {
        let file = source("let a = \"\(word)\"\n// \(word): later\n/* \(word) */ let b = 1")
        #expect(lines(WordRules.remindersLeft(file)) == [2, 3])
    }

    @Test func `a test file that expects nothing is found`() {
        let idle = source("@Test func a() { run() }  // #expect", at: "Tests/A/B.swift")
        let good = source("@Test func a() { #expect(b) }", at: "Tests/A/C.swift")
        #expect(lines(WordRules.testsNothing(idle)) == [1])
        #expect(WordRules.testsNothing(good).isEmpty)
    }

    @Test func `a shim with substance is found`() {
        let text = """
            #include <a.h>
            /* A comment. */
            #define B(x) \\
                c(x)
            static inline int d(void) { return e; }
            static inline int f(void)
            {
                return g;
            }
            extern int h;
            int i(int j);
            """
        let file = source(text, at: "Sources/CShim/shim.h")
        #expect(lines(ShimRules.substance(file, hasCFile: false)) == [10, 11])
        #expect(lines(ShimRules.substance(file, hasCFile: true)) == [10])
    }
}
