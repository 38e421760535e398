import MarketModel

/// A column of a table: its head, its width, and how a row fills it.
struct Column<Row> {
    var head: SafeText
    var width: Int
    /// What it may grow to when there is room; 0 for a column of fixed width.
    var widthMax = 0
    var align = Align.right
    /// 0 is always there; the highest are left out first when the pane is narrow.
    var rank: Int
    /// What a row shows in a column of the given width.
    var cell: (_ row: Row, _ width: Int) -> (SafeText, Style)
}

/// Rows under heads, one blank column between neighbours.
struct Table<Row> {
    private var columns: [Column<Row>]
    private let look: Look

    /// Leaves out what does not fit, rank by rank; with an offset first the columns of least rank,
    /// names apart, so that those without room come into sight.
    init(_ columns: [Column<Row>], width: Int, look: Look, offset: Int = 0) {
        self.look = look
        self.columns = columns
        if self.width > width {
            let named = 2
            self.columns.removeSubrange(named..<min(named + offset, columns.count))
        }
        while self.width > width, let worst = self.columns.map(\.rank).max(), worst > 0 {
            self.columns.removeAll { $0.rank == worst }
        }
        let spare = width - self.width
        for index in self.columns.indices where self.columns[index].widthMax > 0 {
            self.columns[index].width = min(
                self.columns[index].widthMax, self.columns[index].width + max(0, spare))
        }
    }

    /// The head of the column that takes this place.
    func head(at place: Int) -> String? {
        var x = 0
        for column in columns {
            if place >= x, place < x + column.width { return column.head.text }
            x += column.width + 1
        }
        return nil
    }

    private var width: Int { columns.reduce(-1) { $0 + $1.width + 1 } }

    func drawHeads(row: Int, on grid: inout CellGrid) {
        var x = 0
        for column in columns {
            grid.text(
                column.head, x: x, y: row, look[.columnHead], width: column.width,
                align: column.align)
            x += column.width + 1
        }
    }

    func draw(_ value: Row, row: Int, on grid: inout CellGrid) {
        var x = 0
        for column in columns {
            let (text, style) = column.cell(value, column.width)
            grid.text(text, x: x, y: row, style, width: column.width, align: column.align)
            x += column.width + 1
        }
    }
}

/// Prices of one column with their decimal points under each other.
struct PriceColumn {
    let places: Int

    init(_ prices: [Price?]) {
        places = prices.compactMap { $0 }.map { NumberText.places(for: $0) }.max() ?? 2
    }

    /// Columns that the widest of them takes, with a sign, and at least 8.
    func width(_ prices: [Price?]) -> Int {
        let widths = prices.map { text($0, scale: $0).width + 1 }
        return min(max(8, widths.max() ?? 8), 14)
    }

    /// Padded at the right where it has fewer decimals than its neighbours; `scale` sets the
    /// decimals.
    func text(_ price: Price?, scale: Price?, plus: Bool = false) -> SafeText {
        let own = min(places, NumberText.places(for: scale))
        let padding = String(repeating: " ", count: places - own)
        return SafeText(NumberText.price(price, places: own, plus: plus) + padding)
    }
}
