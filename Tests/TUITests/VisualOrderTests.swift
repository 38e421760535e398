import MarketModel
import Testing

@testable import TUI

@Suite struct `Text from right to left` {
    /// As python-bidi 0.6 puts these with a line that runs from the left, but for brackets, which
    /// it does not pair.
    @Test(arguments: [
        ("Teva עולה ב-3.5% היום", "Teva םויה 3.5%-ב הלוע"),
        ("אפל דוחה את ההשקה (שוב)", "(בוש) הקשהה תא החוד לפא"),
        ("AAPL: אפל עולה", "AAPL: הלוע לפא"),
        ("רווח של 1,250.75 דולר ב-2026", "2026-ב רלוד 1,250.75 לש חוור"),
        ("NVDA אנבידיה 180.15 USD", "NVDA 180.15 הידיבנא USD"),
        ("سهم أبل يرتفع 5% اليوم", "مويلا %5 عفتري لبأ مهس"),
        ("[אלף] בית", "[ףלא] תיב"),
        ("אלף, בית; Apple גימל", "תיב ,ףלא; Apple למיג"),
        ("12:30 דלת 14:15", "12:30 14:15 תלד"),
        ("מחיר $180 עלה", "הלע $180 ריחמ"),
        ("Plain words (and 5%)", "Plain words (and 5%)"),
        ("マイクロソフト 3.5%", "マイクロソフト 3.5%"),
    ])
    func `stands as it is read`(_ stored: String, _ shown: String) {
        var grid = CellGrid(size: GridSize(columns: 60, rows: 1))
        let end = grid.text(SafeText(stored), x: 0, y: 0, Style())
        let text = (0..<60).map { grid[$0, 0].text }.joined()
        #expect(text.prefix(shown.count) == shown)
        #expect(text.dropFirst(shown.count).allSatisfy { $0 == " " })
        #expect(end == SafeText(stored).width)
    }

    @Test func `is cut at its end, which is at the left`() {
        var grid = CellGrid(size: GridSize(columns: 12, rows: 1))
        grid.text("אבגדהוזחטיכלמ", x: 0, y: 0, Style(), width: 8)
        #expect((0..<8).map { grid[$0, 0].text }.joined() == "זוהדגבא…")
    }
}
