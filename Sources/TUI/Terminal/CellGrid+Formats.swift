extension CellGrid {
    /// The rows as plain text, spaces at their ends dropped, each ended by a line break.
    public var plainText: String {
        var text = ""
        for row in 0..<size.rows {
            var line = ""
            for column in 0..<size.columns { line += self[column, row].text }
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }

    /// Where which style lies: one line a run, `row:first-last style`, plain runs left out.
    public var styleRuns: String {
        var text = ""
        for row in 0..<size.rows {
            for run in runs(row: row) where run.style != Style() {
                text += "\(row):\(run.start)-\(run.end) \(run.style.name)\n"
            }
        }
        return text
    }

    /// A page that shows the screen in its real colours, for people who review it.
    public var html: String {
        var body = ""
        for row in 0..<size.rows {
            for run in runs(row: row) {
                let text = run.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                body += "<span style=\"\(run.style.css)\">\(text)</span>"
            }
            body += "\n"
        }
        return """
            <!doctype html><meta charset="utf-8"><title>ticktop</title>
            <pre style="background:\(Style.cssDark);color:\(Style.cssLight);\
            font:14px/1.2 'DejaVu Sans Mono',monospace">
            \(body)</pre>

            """
    }

    /// The screen as terminal text with colours, one line a row.
    public var ansi: String {
        var text = ""
        for row in 0..<size.rows {
            for run in runs(row: row) { text += "\u{1B}[0\(run.style.sgr)m\(run.text)" }
            text += "\u{1B}[0m\n"
        }
        return text
    }

    private func runs(row: Int) -> [(start: Int, end: Int, style: Style, text: String)] {
        var runs: [(start: Int, end: Int, style: Style, text: String)] = []
        for column in 0..<size.columns {
            let cell = self[column, row]
            if let last = runs.last, last.style == cell.style {
                runs[runs.count - 1].end = column
                runs[runs.count - 1].text += cell.text
            } else {
                runs.append((column, column, cell.style, cell.text))
            }
        }
        return runs
    }
}

extension Style {
    static let cssDark = "#15181e"
    static let cssLight = "#d5d9e0"

    fileprivate var name: String {
        var parts = [foreground.name]
        if background != .terminal { parts.append("on \(background.name)") }
        let names: [(TextAttributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
            (.italic, "italic"),
        ]
        parts += names.filter { attributes.contains($0.0) }.map(\.1)
        return parts.joined(separator: " ")
    }

    fileprivate var css: String {
        var front = foreground.css ?? Style.cssLight
        var back = background.css ?? Style.cssDark
        if attributes.contains(.reverse) { swap(&front, &back) }
        var css = "color:\(front);background:\(back)"
        if attributes.contains(.bold) { css += ";font-weight:bold" }
        if attributes.contains(.dim) { css += ";opacity:.65" }
        if attributes.contains(.underline) { css += ";text-decoration:underline" }
        return css
    }

    fileprivate var sgr: String {
        var codes = ""
        let numbers: [(TextAttributes, Int)] = [
            (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7),
        ]
        for (attribute, number) in numbers where attributes.contains(attribute) {
            codes += ";\(number)"
        }
        return codes + foreground.sgr(layer: 38) + background.sgr(layer: 48)
    }
}

extension Color {
    var name: String {
        switch self {
        case .terminal: "default"
        case .indexed(let index): String(index)
        case .rgb(let red, let green, let blue):
            "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// `nil` for the terminal's own.
    var css: String? {
        switch self {
        case .terminal: return nil
        case .indexed(let index):
            let shade = XtermPalette.shade(of: index)
            return Color.rgb(shade.red, shade.green, shade.blue).name
        case .rgb: return name
        }
    }

    fileprivate func sgr(layer: Int) -> String {
        switch self {
        case .terminal: ""
        case .indexed(let index): ";\(layer);5;\(index)"
        case .rgb(let red, let green, let blue): ";\(layer);2;\(red);\(green);\(blue)"
        }
    }
}
