import MarketModel
import TestSupport
import Testing

@testable import Engine
@testable import Remote

@Suite struct `A board as bytes` {
    private static let now = Timestamp(milliseconds: 1_767_382_312_400)

    private func dumped(_ value: some Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }

    private func messages(_ snapshot: MarketSnapshot, _ status: PipelineStatus) -> [BoardMessage] {
        snapshot.tickers.map { .ticker($0) } + [
            .episodes(snapshot.episodes), .articles(snapshot.articles), .status(status),
            .market(snapshot, sentAt: Self.now),
        ]
    }

    @Test(arguments: 1...40)
    func `is put together again as it was, every digit of it`(seed: Int) throws {
        var maker = RandomBoard(seed: UInt64(seed), isFull: seed % 4 == 0, now: Self.now)
        let snapshot = maker.snapshot()
        var status = maker.status()
        var assembly = BoardAssembly()
        var result: MarketSnapshot?
        for message in messages(snapshot, status).shuffledTickers(&maker.random) {
            let bytes = message.bytes
            let read = try BoardMessage(bytes)
            #expect(read.bytes == bytes)
            result = assembly.take(read)
        }
        #expect(dumped(try #require(result)) == dumped(snapshot), "seed \(seed)")
        var received = try #require(assembly.status)
        #expect(received.findings == status.findings)
        // A dictionary's order is its own.
        received.findings = PipelineFindings()
        status.findings = PipelineFindings()
        #expect(dumped(received) == dumped(status), "seed \(seed)")
    }

    @Test func `the newest of each part takes the place of the one before`() {
        var maker = RandomBoard(seed: 5, isFull: true, now: Self.now)
        let first = maker.snapshot()
        var second = maker.snapshot()
        second.tickers = first.tickers
        second.tickers[3] = maker.ticker(second.tickers[3].symbol)
        var assembly = BoardAssembly()
        for message in messages(first, maker.status()) { _ = assembly.take(message) }
        _ = assembly.take(.ticker(second.tickers[3]))
        _ = assembly.take(.episodes(second.episodes))
        _ = assembly.take(.articles(second.articles))
        let result = assembly.take(.market(second, sentAt: Self.now))
        #expect(dumped(result ?? MarketSnapshot()) == dumped(second))
    }

    /// Reports every missing value and empty list in a value, by its path.
    private func gaps(_ value: Any, _ path: String) -> [String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty { return [path] }
        if mirror.displayStyle == .collection, mirror.children.isEmpty { return [path] }
        return mirror.children.enumerated().flatMap { index, child in
            gaps(child.value, "\(path).\(child.label ?? String(index))")
        }
    }

    @Test func `has bytes for every field there is`() {
        var maker = RandomBoard(seed: 1, isFull: true, now: Self.now)
        let snapshot = maker.snapshot()
        var status = maker.status()
        #expect(gaps(snapshot, "snapshot") == [])
        // Who is attached is the screen's own business.
        status.attachment = Attachment(server: "box")
        #expect(gaps(status, "status") == [])
        let ticker = snapshot.tickers[0]
        let fields: [(Any, Int)] = [
            (snapshot, 7), (ticker, 19), (ticker.figures, 18), (status, 33),
            (status.findings, 5), (ticker.model as Any, 10),
            (ticker.indicators?[0] as Any, 6), (snapshot.articles[0], 7),
            (snapshot.episodes[0], 11), (ticker.provisionalBars[0], 13), (ticker.signals[0], 9),
            (snapshot.counts[0].counts, 6), (status.news as Any, 8),
            (status.kafka as Any, 11), (status.kafka?.partitions[0] as Any, 5), (status.commits, 3),
            (status.replay as Any, 5), (status.recording as Any, 3),
        ]
        for (value, count) in fields {
            let mirror = Mirror(reflecting: value)
            let isOptional = mirror.displayStyle == .optional
            let inner =
                isOptional ? mirror.children.first.map { Mirror(reflecting: $0.value) } : mirror
            let found = inner?.children.count ?? 0
            #expect(
                found == count,
                """
                \(type(of: value)) has \(found) fields: put the new one into its +Wire.swift, \
                raise BoardMessage.format, and correct the number here
                """)
        }
    }

    @Test func `cut off or spoilt they are refused, never trapped on`() {
        var maker = RandomBoard(seed: 2, isFull: true, now: Self.now)
        var random = SeededRandom(seed: 3)
        var refused = 0
        for message in messages(maker.snapshot(), maker.status()) {
            let bytes = message.bytes
            for _ in 0..<40 {
                var spoilt = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
                for _ in 0..<3 where !spoilt.isEmpty {
                    spoilt[Int.random(in: 0..<spoilt.count, using: &random)] = .random(
                        in: 0...255, using: &random)
                }
                do { _ = try BoardMessage(spoilt) } catch { refused += 1 }
            }
        }
        #expect(refused > 100)
    }
}

extension [BoardMessage] {
    /// The last, which ends the moment, stays the last.
    fileprivate func shuffledTickers(_ random: inout SeededRandom) -> [BoardMessage] {
        dropLast().shuffled(using: &random) + suffix(1)
    }
}
