import MarketModel

/// The demo market's headlines: invented, marked as such by their publisher, in the shape of
/// Finnhub's articles.
///
/// Like its prices they are a function of the seed and the time: the same article is never told in
/// two versions.
struct DemoNews {
    struct Story: Equatable {
        var id: Int64
        var symbol: Symbol
        var headline: String
        var summary: String
        var publishedAt: Timestamp
    }

    /// One idle headline, more or less, in every such stretch.
    private static let everyNanoseconds: Int64 = 75_000_000_000
    private static let stream: UInt64 = 0x4E45_5753

    let listings: [DemoListing]
    let plan: DemoBurstPlan
    let noise: SimulatedNoise

    /// The stories published in `from..<to`, oldest first.
    func stories(from: Timestamp, to: Timestamp) -> [Story] {
        let every = DemoNews.everyNanoseconds
        let slots =
            from.nanoseconds.flooredQuotient(every)...to.nanoseconds.flooredQuotient(every)
        let ahead = to.advanced(byNanoseconds: 60_000_000_000)
        let explained = plan.bursts(from: from, to: ahead).compactMap { story(before: $0) }
        return (slots.compactMap { idleStory(slot: $0) } + explained)
            .filter { from <= $0.publishedAt && $0.publishedAt < to }
            .sorted { ($0.publishedAt, $0.id) < ($1.publishedAt, $1.id) }
    }

    /// Finnhub's article object.
    static func json(_ story: Story) -> [UInt8] {
        let fields = [
            "\"category\":\"company\"", "\"datetime\":\(story.publishedAt.secondsFloor)",
            "\"headline\":\(quoted(story.headline))", "\"id\":\(story.id)", "\"image\":\"\"",
            "\"related\":\(quoted(String(describing: story.symbol)))",
            "\"source\":\"Demo Wire\"", "\"summary\":\(quoted(story.summary))",
            "\"url\":\"https://example.com/demo/\(story.id)\"",
        ]
        return Array("{\(fields.joined(separator: ","))}".utf8)
    }

    static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    private func idleStory(slot: Int64) -> Story? {
        guard !listings.isEmpty, noise.unit(DemoNews.stream, 0, slot) < 0.85 else { return nil }
        let offset = noise.unit(DemoNews.stream, 1, slot) * Double(DemoNews.everyNanoseconds)
        let draw = noise.unit(DemoNews.stream, 2, slot)
        let tone: DemoHeadlines.Tone =
            draw < 0.5 ? .neutral : draw < 0.78 ? .positive : .negative
        let pick = Int(noise.unit(DemoNews.stream, 3, slot) * Double(listings.count))
        return story(
            listings[pick], tone, id: slot * 2, draw: slot,
            at: Timestamp(nanoseconds: slot * DemoNews.everyNanoseconds + Int64(offset)))
    }

    private func story(before burst: DemoBurst) -> Story? {
        guard let headlineAt = burst.headlineAt,
            let listing = listings.first(where: { $0.symbol == burst.symbol })
        else { return nil }
        // Odd ids, so that they never meet those of idle stories; seconds, so that slots of any
        // length differ.
        return story(
            listing, burst.move > 0 ? .positive : .negative,
            id: headlineAt.secondsFloor * 2 + 1, draw: headlineAt.secondsFloor, at: headlineAt)
    }

    private func story(
        _ listing: DemoListing, _ tone: DemoHeadlines.Tone, id: Int64, draw: Int64,
        at time: Timestamp
    ) -> Story {
        func pick<Choice>(_ choices: [Choice], _ what: Int) -> Choice {
            choices[Int(noise.unit(DemoNews.stream, what, draw) * Double(choices.count))]
        }
        let template = pick(DemoHeadlines.templates(tone), 4)
        func filled(_ text: String) -> String {
            text.replacing("{company}", with: listing.company)
                .replacing("{ticker}", with: String(describing: listing.symbol))
                .replacing("{house}", with: pick(DemoHeadlines.houses, 5))
                .replacing("{product}", with: pick(DemoHeadlines.products, 6))
                .replacing("{region}", with: pick(DemoHeadlines.regions, 7))
                .replacing("{percent}", with: String(3 + Int(draw % 17)))
        }
        // Finnhub's times are whole seconds.
        return Story(
            id: id, symbol: listing.symbol, headline: filled(template.headline),
            summary: filled(template.summary), publishedAt: Timestamp(seconds: time.secondsFloor))
    }
}
