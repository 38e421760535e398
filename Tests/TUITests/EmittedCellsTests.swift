import Foundation
import MarketModel
import TestSupport
import Testing

@testable import TUI

/// ncurses sends only what has changed, by any way it knows; another terminal that has drawn all of
/// it must show the picture that was meant, colours and attributes included.
@Suite struct `The bytes sent to a terminal` {
    struct Kind: Codable, Sendable, CustomTestStringConvertible {
        var type: String
        var depth: String
        var isASCII = false
        var sizes = [[120, 40]]

        var testDescription: String { "\(depth) on \(type)\(isASCII ? ", ASCII" : "")" }
        var colorDepth: ColorDepth { ColorDepth(rawValue: depth) ?? .none }
    }

    static let kinds = [
        Kind(
            type: "xterm-256color", depth: "truecolor",
            sizes: [[200, 50], [120, 40], [80, 24], [60, 16], [20, 5]]),
        Kind(type: "xterm-256color", depth: "truecolor", isASCII: true),
        Kind(type: "tmux-256color", depth: "truecolor"),
        Kind(type: "xterm-256color", depth: "256"), Kind(type: "tmux-256color", depth: "256"),
        Kind(type: "xterm-256color", depth: "16"), Kind(type: "xterm", depth: "16"),
        Kind(type: "linux", depth: "16"),
        Kind(type: "xterm-256color", depth: "none"), Kind(type: "vt100", depth: "none"),
    ]

    @Test(arguments: kinds)
    func `draw every cell that was meant, in its colours`(_ kind: Kind) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-cells-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        await #expect(processExitsWith: .success) { [kind, directory = directory as String] in
            try Emission(kind, into: directory).record()
        }
        let report = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/compare_cells.py", [directory])
        let lines = String(decoding: report, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1 && lines.last?.hasSuffix("frames compared") == true)
        if lines.count > 1 { Issue.record("\(lines.prefix(40).joined(separator: "\n"))") }
    }
}

/// Shows pictures on a terminal of its own, in a process of its own, and writes down what was meant
/// and what was sent.
private struct Emission {
    private struct Frame: Encodable {
        var name: String
        var columns: Int
        var rows: Int
        var text: String
        var styles: String
    }

    private let kind: `The bytes sent to a terminal`.Kind
    private let directory: String
    private let master: Int32
    /// One for each BEL that has arrived.
    private let arrived = DispatchSemaphore(value: 0)

    init(_ kind: `The bytes sent to a terminal`.Kind, into directory: String) throws {
        self.kind = kind
        self.directory = directory
        setenv("TERM", kind.type, 1)
        unsetenv("COLUMNS")
        unsetenv("LINES")
        var (master, slave) = (Int32(-1), Int32(-1))
        guard openpty(&master, &slave, nil, nil, nil) == 0 else { throw ScreenError.notATerminal }
        self.master = master
        resize(kind.sizes[0])
        dup2(slave, STDIN_FILENO)
        dup2(slave, STDOUT_FILENO)
    }

    private func resize(_ size: [Int]) {
        var room = winsize(
            ws_row: UInt16(size[1]), ws_col: UInt16(size[0]), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &room)
    }

    func record() throws {
        let sent = open(directory + "/sent", O_CREAT | O_WRONLY, 0o600)
        Thread.detachNewThread { [master, arrived] in
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(master, &piece, piece.count)
                guard count > 0, write(sent, piece, count) == count else { return }
                for _ in 0..<piece[..<count].count(where: { $0 == 7 }) { arrived.signal() }
            }
        }
        let terminal = try Terminal(depth: kind.colorDepth, type: kind.type)
        var frames: [Frame] = []
        for size in kind.sizes {
            resize(size)
            _ = terminal.nextKey(within: .zero)
            for (name, picture) in try pictures(GridSize(columns: size[0], rows: size[1])) {
                terminal.show(picture)
                terminal.ring()
                arrived.wait()
                frames.append(
                    Frame(
                        name: name, columns: size[0], rows: size[1], text: picture.plainText,
                        styles: asSeen(picture).styleRuns))
            }
        }
        try JSONEncoder().encode(frames).write(to: URL(filePath: directory + "/frames.json"))
    }

    /// Every state of the golden screens, themes, and pictures in which anything may stand
    /// anywhere.
    private func pictures(_ size: GridSize) throws -> [(String, CellGrid)] {
        let dusk = try ThemeFiles.theme("dusk")
        var pictures: [(String, CellGrid)] = []
        for screen in ScreenCase.allCases {
            let (state, now) = screen.make(glyphs: kind.isASCII ? .ascii : .unicode)
            let picture = state.picture(
                size.columns, size.rows, now: now, theme: dusk, depth: kind.colorDepth)
            pictures.append(("\(screen.rawValue) \(size.columns)x\(size.rows)", picture))
        }
        let (state, now) = ScreenCase.live.make(glyphs: kind.isASCII ? .ascii : .unicode)
        for name in try ThemeFiles.names() {
            let picture = state.picture(
                size.columns, size.rows, now: now, theme: try ThemeFiles.theme(name),
                depth: kind.colorDepth)
            pictures.append(("\(name) \(size.columns)x\(size.rows)", picture))
        }
        return pictures + scribbled(over: pictures.last?.1 ?? CellGrid(size: size))
    }

    /// Rows that move, blanks in colours, wide and marked characters at any place.
    private func scribbled(over picture: CellGrid) -> [(String, CellGrid)] {
        var random = SeededRandom(seed: 20_261_121)
        var grid = picture
        let texts: [SafeText] = [
            "界界界界界", "e\u{301}a\u{308}\u{323}x", "NVDA 183.22", "                    ",
            "────────────────────", "aaaaaaaaaaaaaaaa", "▁▂▃▄▅▆▇█", "מספר 12",
        ]
        return (0..<25).map { step in
            for _ in 0..<12 {
                let style = style(&random)
                let x = Int.random(in: -3..<grid.size.columns, using: &random)
                let y = Int.random(in: 0..<grid.size.rows, using: &random)
                grid.text(texts[Int.random(in: texts.indices, using: &random)], x: x, y: y, style)
                let rect = Rect(x: x, y: y, width: 30, height: 1 + y % 3)
                if step % 4 == 0 { grid.fill(rect, style) }
            }
            if kind.isASCII { grid.foldToASCII() }
            return ("scribble \(step) \(grid.size.columns)x\(grid.size.rows)", grid)
        }
    }

    private func style(_ random: inout SeededRandom) -> Style {
        func color() -> Color {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .terminal
            case 1: .indexed(UInt8.random(in: 0...15, using: &random))
            case 2: .indexed(UInt8.random(in: 16...20, using: &random) * 12)
            default: .rgb(0, 0, UInt8.random(in: 0...20, using: &random))
            }
        }
        let attributes = TextAttributes(rawValue: UInt8.random(in: 0..<16, using: &random))
        return Style(
            color().mapped(to: kind.colorDepth), on: color().mapped(to: kind.colorDepth),
            attributes)
    }

    /// What a terminal of this kind can show of a picture.
    private func asSeen(_ picture: CellGrid) -> CellGrid {
        var seen = picture
        seen.change(Rect(picture.size)) { cell in
            let style = cell.style
            cell.style.foreground = color(style.foreground)
            cell.style.background = color(style.background)
            cell.style.attributes.subtract(missing(cell.style))
            guard hasEightColors, case .indexed(let index) = style.foreground, index >= 8 else {
                return
            }
            cell.style.attributes.insert(.bold)
        }
        return seen
    }

    /// What terminfo says the terminal has not, or not together with colours.
    private func missing(_ style: Style) -> TextAttributes {
        switch kind.type {
        case "vt100": [.dim]
        case "linux" where style != Style(.terminal, on: .terminal, style.attributes):
            [.dim, .underline]
        default: []
        }
    }

    private var hasEightColors: Bool { ["xterm", "linux"].contains(kind.type) }

    private func color(_ color: Color) -> Color {
        switch (color, kind.colorDepth) {
        case (.indexed(let index), .truecolor) where index >= 8:
            let shade = XtermPalette.shade(of: index)
            return self.color(.rgb(shade.red, shade.green, shade.blue))
        // To such a terminal the numbers below eight are the colours of the first sixteen.
        case (.rgb(0, 0, let blue), .truecolor): return .rgb(0, 0, max(8, blue))
        case (.indexed(let index), .ansi16) where hasEightColors: return .indexed(index % 8)
        default: return color
        }
    }
}
