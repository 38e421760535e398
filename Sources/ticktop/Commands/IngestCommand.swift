import ArgumentParser
import Feeds
import Foundation
import MarketModel
import TicktopConfiguration

/// `ticktop ingest`: a feed into Kafka, and nothing else.
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Publish a feed to Kafka, for engines elsewhere.",
        discussion: """
            A feed is taken apart into trades, quotes and articles, and each goes to its ticker's \
            partition of market.trades, where `ticktop serve --feed kafka` reads it; articles go \
            to market.news as well. Missing topics are made. Everything is in a journal before it \
            is sent, so that nothing is lost when the brokers or this program go away; what is \
            sent twice because of that, engines leave out.

              ticktop ingest --brokers localhost:9092              the demo market
              ticktop ingest --brokers a:9092,b:9092 --feed massive NVDA AMD
              ticktop ingest --brokers localhost:9092 --from DIR   a recording, as fast as it goes
              ticktop serve --feed kafka --brokers localhost:9092  an engine on all of that

            Kafka's other settings (TLS, SASL, topics, partitions) are in [kafka] of the \
            configuration. Runs until Ctrl-C, delivers what it has, and ends with one JSON line: \
            received, published, spilled (through the journal on disk), shed (given up, because \
            the journal was full), failed, resent (from an earlier life), left (in the journal, \
            for the next life), seconds.
            """)

    @Argument(
        help: "Tickers to take. Default: AAPL NVDA MSFT AMZN TSLA; for binance BTCUSDT ETHUSDT.")
    var tickers: [String] = []

    @Option(help: "Where events come from: demo, massive or binance.")
    var feed: String?

    @Option(help: "The feed's address, when it is not the provider's own (ws:// or wss://).")
    var url: String?

    @Option(help: "Kafka's brokers, HOST:PORT, several parted by commas.")
    var brokers: String?

    @Option(help: "Publish a recording (`ticktop record`) instead of a feed.")
    var from: String?

    @Option(help: "How fast a recording goes: 1 is as it happened, max without any wait.")
    var speed = "max"

    @Option(
        help: "The directory of the journal. Default: ingest, in the directory of ticktop's data.")
    var journal: String?

    @Option(help: "The configuration file. Default: the first that `ticktop config paths` finds.")
    var config: String?

    func run() throws {
        var overrides: [ConfigurationSources.Override] = []
        if let feed { overrides.append(.init("feed.name", feed, flag: "--feed")) }
        if let url { overrides.append(.init("feed.url", url, flag: "--url")) }
        if !tickers.isEmpty {
            overrides.append(.init("feed.tickers", tickers.joined(separator: ","), flag: "TICKER"))
        }
        if let brokers { overrides.append(.init("kafka.brokers", brokers, flag: "--brokers")) }
        let surroundings = try Surroundings(file: config, overrides: overrides)
        guard let pace = ReplayPacer.Speed(speed) else {
            throw ValidationError("--speed takes a positive number such as 1 or 60, or max")
        }
        let ingest = try Ingest(
            surroundings, recording: from, speed: pace, directory: journal)
        let signals = Signals { _ in ingest.stop() }
        try withExtendedLifetime(signals) { try ingest.run() }
        print(ingest.closingLine)
    }
}
