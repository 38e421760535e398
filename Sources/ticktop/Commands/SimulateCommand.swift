import ArgumentParser
import Dispatch
import Feeds
import Foundation
import MarketModel

/// `ticktop simulate`: a provider on loopback, with faults on demand.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "A market-data provider on this machine: Massive's WebSocket and REST, Finnhub's news.",
        discussion: """
            Point a ticktop at it:

              ticktop simulate --listen 127.0.0.1:9443 --rate 15000
              MASSIVE_API_KEY=any ticktop --feed massive --url ws://127.0.0.1:9443/stocks

            The market begins with the first subscription. Faults are shares of events from 0 to \
            1. Ctrl-C ends it with one JSON line of what was sent.
            """)

    private static let rateMax = 1e6

    @Option(help: "Where to listen, as address:port. Port 0 picks a free one, which is printed.")
    var listen = "127.0.0.1:0"
    @Option(help: "Events a second, over all tickers; a million at most.")
    var rate = 1000.0
    @Option(help: "How many tickers.")
    var tickers = 5
    @Option(help: "The same seed makes the same market.")
    var seed: UInt64 = 1
    @Option(help: "Share of events never sent.")
    var drop = 0.0
    @Option(help: "Share of events sent twice.")
    var duplicate = 0.0
    @Option(help: "Share of events sent up to half a second late.")
    var reorder = 0.0
    @Option(help: "Share of frames followed by one that is no event.")
    var garbage = 0.0
    @Option(
        name: .customLong("disconnect-every"), help: "Close every connection after so many seconds."
    )
    var disconnectEvery: Double?
    @Option(
        name: .customLong("news-429"),
        help: "Share of requests for news that are refused for being too many.")
    var newsLimited = 0.0
    @Option(
        name: .customLong("news-retry-after"), help: "What such a refusal asks for, in seconds.")
    var newsRetryAfter = 1
    @Option(name: .customLong("news-garbage"), help: "Share of answers with news that break off.")
    var newsGarbage = 0.0
    @Option(help: "Write every frame that was really sent to this file, one a line.")
    var truth: String?
    @Option(help: "Write every frame as it would have been without faults to this file.")
    var clean: String?
    @Option(help: "Stop after so many seconds.")
    var seconds: Double?
    @Option(
        name: .customLong("burst-rate"), help: "Events a second during a burst; see --burst-after.")
    var burstRate: Double?
    @Option(name: .customLong("burst-after"), help: "The burst begins after so many seconds.")
    var burstAfter = 20.0
    @Option(name: .customLong("burst-seconds"), help: "The burst lasts so many seconds.")
    var burstSeconds = 30.0

    func validate() throws {
        for (name, share) in [
            ("drop", drop), ("duplicate", duplicate), ("reorder", reorder), ("garbage", garbage),
            ("news-429", newsLimited), ("news-garbage", newsGarbage),
        ] where !(0...1).contains(share) {
            throw ValidationError("--\(name) takes a share from 0 to 1, not \(share)")
        }
        guard rate > 0, tickers > 0, burstRate ?? 1 > 0, burstAfter >= 0, burstSeconds >= 0,
            disconnectEvery ?? 1 > 0, seconds ?? 1 > 0
        else {
            throw ValidationError("rates, times and --tickers take positive numbers")
        }
        guard max(rate, burstRate ?? 0) <= SimulateCommand.rateMax else {
            throw ValidationError("rates go up to \(Int(SimulateCommand.rateMax)) events a second")
        }
        guard address != nil else {
            throw ValidationError("--listen takes address:port, such as 127.0.0.1:9443")
        }
    }

    private func scheduleBurst(_ simulator: ProviderSimulator) {
        guard let burstRate else { return }
        let queue = DispatchQueue(label: "ticktop.burst")
        queue.asyncAfter(deadline: .now() + burstAfter) { simulator.setRate(burstRate) }
        queue.asyncAfter(deadline: .now() + burstAfter + burstSeconds) { [rate] in
            simulator.setRate(rate)
        }
    }

    private var address: (host: String, port: Int)? {
        guard let colon = listen.lastIndex(of: ":"),
            let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        return (String(listen[..<colon]), port)
    }

    func run() throws {
        var options = ProviderSimulatorOptions()
        if let address { (options.host, options.port) = address }
        options.eventsPerSecond = rate
        options.tickers = tickers
        options.seed = seed
        options.faults.drop = drop
        options.faults.duplicate = duplicate
        options.faults.reorder = reorder
        options.faults.garbage = garbage
        options.faults.newsLimited = newsLimited
        options.faults.newsRetryAfter = .seconds(newsRetryAfter)
        options.faults.newsGarbage = newsGarbage
        options.faults.disconnectEvery = disconnectEvery.map { .seconds($0) }
        options.truthPath = truth
        options.cleanPath = clean
        let simulator = try ProviderSimulator(options, clock: SystemClock())
        let port = try simulator.start()
        let ended = DispatchSemaphore(value: 0)
        let signals = Signals { _ in ended.signal() }
        complain("simulating \(tickers) tickers on ws://\(options.host):\(port)/stocks")
        FileHandle.standardOutput.write(Data("{\"port\":\(port)}\n".utf8))
        scheduleBurst(simulator)
        withExtendedLifetime(signals) {
            if let seconds {
                _ = ended.wait(timeout: .now() + seconds)
            } else {
                ended.wait()
            }
        }
        print(try simulator.stop().closingLine)
    }
}

extension SimulatorCounts {
    /// The counts as one JSON line.
    var closingLine: String {
        #"{"planned":\#(planned),"trades":\#(trades),"quotes":\#(quotes),"dropped":\#(dropped),"#
            + #""duplicated":\#(duplicated),"reordered":\#(reordered),"garbage":\#(garbage),"#
            + #""unheard":\#(unheard),"frames":\#(frames),"bytes":\#(bytes),"#
            + #""connections":\#(connections),"disconnects":\#(disconnects),"#
            + #""slow_readers":\#(slowReaders)}"#
    }
}
