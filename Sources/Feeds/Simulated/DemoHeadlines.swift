/// The words of the demo market's headlines. The broking houses are invented.
enum DemoHeadlines {
    enum Tone: CaseIterable { case positive, negative, neutral }

    struct Template {
        var headline: String
        var summary: String

        init(_ headline: String, _ summary: String) {
            self.headline = headline
            self.summary = summary
        }
    }

    static let houses = [
        "Harrow & Pike", "Bellwether Research", "Northgate Securities", "Calder Street Partners",
        "Quillmark", "Tidewater Capital", "Old Mill Brokers",
    ]
    static let products = [
        "cloud", "hardware", "services", "devices", "logistics", "software", "chip",
    ]
    static let regions = ["Europe", "Asia", "Latin America", "Japan", "the Nordics", "Canada"]

    static func templates(_ tone: Tone) -> [Template] {
        switch tone {
        case .positive: positive
        case .negative: negative
        case .neutral: neutral
        }
    }

    private static let positive = [
        Template(
            "{company} posts best quarter ever as {product} growth impresses",
            "Strong demand lifted profit well above what analysts had hoped for."),
        Template(
            "{house} upgrades {company}, sees great opportunity in {product}",
            "The house calls the valuation attractive and the outlook excellent."),
        Template(
            "{company} wins major {product} contract in {region}",
            "The award is a big success for the division and should support margins."),
        Template(
            "{company} raises outlook on strong {region} demand, shares gain",
            "Management is confident that the improvement will last through the year."),
        Template(
            "Investors cheer {company} plan to boost dividend by {percent} percent",
            "Healthy cash flow supports the generous payout."),
        Template(
            "{company} celebrates breakthrough in {product} efficiency",
            "Partners praise the advance as a clear advantage over rivals."),
        Template(
            "{ticker} surges to record as {product} profit beats every hope",
            "An outstanding result, with gains in all segments."),
        Template(
            "Customers love the new {company} {product} line, early survey shows",
            "Satisfaction improved by {percent} points in {region}."),
    ]

    private static let negative = [
        Template(
            "{company} warns of weak {product} sales, blames poor demand in {region}",
            "The disappointing figures raise fears of further losses."),
        Template(
            "{house} downgrades {company} on worrying {product} losses",
            "The house sees serious risk to margins and a difficult year."),
        Template(
            "{company} hit by lawsuit over alleged {product} failures",
            "Plaintiffs claim that customers suffered damage."),
        Template(
            "{company} shares drop as {region} outage angers customers",
            "The failure is the worst in years, and a threat to renewals."),
        Template(
            "Disappointing {product} launch hurts {company}, survey says",
            "Buyers complain of bad quality and delays."),
        Template(
            "{company} loses key {product} deal in {region}",
            "The loss is a setback for a division already in trouble."),
        Template(
            "Regulators in {region} probe {company} over unfair {product} terms",
            "The inquiry could end in a painful penalty."),
        Template(
            "{ticker} falls sharply after {house} cuts estimates by {percent} percent",
            "Fear of a recession weighs on the stock."),
    ]

    private static let neutral = [
        Template(
            "{company} to report quarterly figures next week",
            "Analysts look at {product} and at the region {region}."),
        Template(
            "{company} names new head of {product} for {region}",
            "The appointment takes effect at the start of the quarter."),
        Template(
            "{house} initiates coverage of {company} with a hold",
            "The house expects revenue to move with the market."),
        Template(
            "What to watch at the {company} {product} event",
            "The keynote begins at ten in the morning, local time."),
        Template(
            "{company} opens office in {region}",
            "About {percent} dozen people will work on {product} there."),
        Template(
            "Options traders turn to {ticker} before {product} update",
            "Volume was {percent} percent above the monthly average."),
        Template(
            "{company} files registration for {product} notes",
            "The filing names {house} among the managers."),
        Template(
            "{company} and suppliers meet in {region} to discuss {product} schedule",
            "No decisions were announced."),
    ]
}
