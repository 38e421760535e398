import ArgumentParser
import Feeds
import Foundation
import MarketModel
import Storage
import Synchronization

/// Fetches a provider's history a week at a time and puts it into the store: through the running
/// instance, or under the store's lock.
struct BackfillWork {
    private let fetch: HistoryFetch
    private let surroundings: Surroundings
    private let paths: StorePaths
    private let client: SidePortClient?
    /// Ctrl-C: what has been fetched is stored, the rest is not asked for.
    private let isStopped = StopFlag()

    private static let daysAtOnce: Int64 = 7
    /// The running instance's limit of requests is waited for so often, and so long each time.
    private static let patience = (tries: 30, pause: Duration.seconds(5))

    init(_ fetch: HistoryFetch, _ surroundings: Surroundings) throws {
        self.fetch = fetch
        self.surroundings = surroundings
        paths = StorePaths(root: surroundings.settings.store.path)
        client = try SidePortClient(of: paths, explicitToken: surroundings.secrets.apiToken)
    }

    func run(_ symbols: [Symbol], from first: CivilDate, through last: CivilDate) throws {
        let flag = isStopped
        let signals = Signals { _ in flag.raise() }
        try withExtendedLifetime(signals) {
            if let client {
                try check(client, symbols[0], first)
                try walk(symbols, first, last) { try ask(client, $0, $1, $2) }
                awaitStored(symbols, first, last)
            } else {
                let life = try shortLife()
                try life.run { try walk(symbols, first, last) { try take(into: life, $0, $1, $2) } }
            }
        }
        try report(symbols, first, last)
        if isStopped.isRaised { throw ExitCode(130) }
    }

    private typealias Step = (Symbol, CivilDate, CivilDate) throws -> (days: Int, minutes: Int)

    private func walk(
        _ symbols: [Symbol], _ first: CivilDate, _ last: CivilDate, _ step: Step
    ) throws {
        for symbol in symbols {
            var day = first
            while day <= last, !isStopped.isRaised {
                let end = min(last, day.adding(days: BackfillWork.daysAtOnce - 1))
                let (days, minutes) = try step(symbol, day, end)
                complain("\(symbol) \(day) to \(end): \(days) days, \(minutes) minutes")
                day = end.adding(days: 1)
            }
        }
    }

    /// That the running instance's provider is the one that was named: asked for no day at all.
    private func check(_ client: SidePortClient, _ symbol: Symbol, _ day: CivilDate) throws {
        let path = path(symbol, day, day.adding(days: -1))
        let provider = try client.send("POST", path, as: Answer.self).provider
        let wanted = fetch.provider.rawValue
        guard provider != wanted else { return }
        throw StartError.otherProvider(wanted: wanted, here: provider, path: paths.root)
    }

    private func path(_ symbol: Symbol, _ first: CivilDate, _ last: CivilDate) -> String {
        let name = symbol.description.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        return "/api/v1/backfill/\(name ?? "")?from=\(first)&to=\(last)"
    }

    /// The instance asks its own provider.
    private func ask(
        _ client: SidePortClient, _ symbol: Symbol, _ first: CivilDate, _ last: CivilDate
    ) throws -> (days: Int, minutes: Int) {
        let path = path(symbol, first, last)
        var tries = 0
        while true {
            do {
                let answer = try client.send("POST", path, as: Answer.self)
                return (answer.days, answer.minutes)
            } catch let refused as SidePortClient.Refused
                where refused.status == 429 && tries < BackfillWork.patience.tries
                && !isStopped.isRaised
            {
                tries += 1
                SystemClock.sleepThread(BackfillWork.patience.pause)
            }
        }
    }

    private func take(
        into life: ShortLife, _ symbol: Symbol, _ first: CivilDate, _ last: CivilDate
    ) throws -> (days: Int, minutes: Int) {
        let stretch = try waitFor { [fetch] in
            try await fetch.stretch(of: symbol, from: first, through: last, clock: SystemClock())
        }.get()
        life.offer(stretch.records)
        return (stretch.days, stretch.minutes)
    }

    private func shortLife() throws -> ShortLife {
        do {
            return try ShortLife(surroundings.settings)
        } catch StorageError.otherLog(let path, let log) where log.hasPrefix("kafka:") {
            throw StartError.historyInKafka(path: path)
        }
    }

    /// Until the running instance has stored what it was handed: when two looks find the same.
    private func awaitStored(_ symbols: [Symbol], _ first: CivilDate, _ last: CivilDate) {
        var known: [Int] = []
        for _ in 0..<20 {
            SystemClock.sleepThread(.milliseconds(500))
            let found = symbols.map { (try? stored($0, .minute, first, last)) ?? 0 }
            if found == known { return }
            known = found
        }
    }

    private func stored(
        _ symbol: Symbol, _ interval: BarInterval, _ first: CivilDate, _ last: CivilDate
    ) throws -> Int {
        try StoredHistory.readOnly(paths).bars(
            symbol, interval: interval, from: fetch.midnight(of: first),
            to: fetch.midnight(of: last.adding(days: 1)), limit: .max
        ).count
    }

    /// What is in the store now, of whatever origin.
    private func report(_ symbols: [Symbol], _ first: CivilDate, _ last: CivilDate) throws {
        for symbol in symbols {
            let days = try stored(symbol, .day, first, last)
            let minutes = try stored(symbol, .minute, first, last)
            print("\(symbol): \(days) days and \(minutes) minutes of \(first) to \(last) stored")
        }
    }
}

private struct Answer: Decodable {
    var provider: String
    var days: Int
    var minutes: Int
}

/// Raised once, by a signal.
private final class StopFlag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }
    func raise() { raised.store(true, ordering: .relaxed) }
}
