import Testing

@testable import TUI

@Suite struct `Safe text` {
    @Test(arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "red"),
        ("\u{1B}]0;title\u{7}shown", "shown"),
        ("\u{1B}]8;;http://evil\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
        ("\u{1B}Pq#0;2;0;0;0\u{1B}\\after", "after"),
        ("\u{9B}2Jcleared", "cleared"),
        ("bell\u{7}backspace\u{8}delete\u{7F}", "bellbackspacedelete"),
        ("one\r\ntwo\tthree", "one two three"),
        ("\u{202E}drowssap\u{202C}", "drowssap"),
        ("zero\u{200B}width\u{200D}join\u{FEFF}", "zerowidthjoin"),
        ("tag\u{E0041}\u{E007F}", "tag"),
        ("soft\u{AD}hyphen", "softhyphen"),
        ("private\u{E000}\u{F8FF}", "private"),
        ("e\u{301}te\u{301}", "e\u{301}te\u{301}"),
        ("\u{301}mark first", "mark first"),
        ("heart❤\u{FE0F}", "heart❤"),
        ("🇺🇸", "US"),
        ("日経 up", "日経 up"),
    ])
    func `keeps what can be read and nothing else`(_ hostile: String, _ shown: String) {
        #expect(SafeText(hostile).text.unicodeScalars.elementsEqual(shown.unicodeScalars))
    }

    @Test func `carries two marks a letter at most`() {
        let zalgo = "a" + String(repeating: "\u{301}", count: 40)
        #expect(SafeText(zalgo).text.unicodeScalars.count == 3)
        #expect(SafeText(zalgo).width == 1)
    }

    @Test func `counts wide characters twice`() {
        #expect(SafeText("日経225").width == 7)
        #expect(SafeText("한국").width == 4)
        #expect(SafeText("\u{1112}\u{1161}\u{11AB}").width == 2)
        #expect(SafeText("🚀").width == 2)
        #expect(SafeText("naïve ▲—").width == 8)
    }

    @Test(arguments: 0...9) func `is cut without halving a character`(_ columns: Int) {
        let cut = SafeText("日経225日経").truncated(to: columns)
        #expect(cut.width <= columns)
        #expect(columns == 0 || cut.text.hasSuffix("…"))
    }

    @Test func `ends after three hundred characters`() {
        #expect(SafeText(String(repeating: "x", count: 10_000)).width == 300)
    }

    @Test func `swallows an escape sequence that never ends`() {
        #expect(SafeText("a\u{1B}]" + String(repeating: "x", count: 9000)).text == "a")
    }
}
