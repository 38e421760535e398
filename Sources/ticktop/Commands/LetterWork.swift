import Foundation
import MarketModel
import Storage

/// Changes to dead letters: through the running instance, or under the store's lock.
struct LetterWork {
    private let surroundings: Surroundings
    private let client: SidePortClient?

    private static let patience = Duration.seconds(30)

    init(_ arguments: StoreArguments) throws {
        surroundings = try arguments.surroundings()
        client = try SidePortClient(
            of: StorePaths(root: surroundings.settings.store.path),
            explicitToken: surroundings.secrets.apiToken)
    }

    /// One line a letter: what has become of it.
    func retry(_ ids: [LogPosition]) throws {
        guard let client else {
            let life = try shortLife()
            let desk = life.desk
            return try life.run {
                for id in ids {
                    let found = try desk.retry(id)
                    if let found, found.mayBeCut { complain("\(id)  only a part of it is kept") }
                    report(id, try desk.outcome(of: id, within: LetterWork.patience))
                }
            }
        }
        for id in ids { try ask(client, id, "retry") }
    }

    func retryAll() throws {
        if let client {
            let asked = try client.send(
                "POST", "/api/v1/dead-letters/retry/all", as: AskedAnswer.self)
            return print("\(asked.asked) dead letters are taken up again; `list` shows what stays")
        }
        let life = try shortLife()
        let desk = life.desk
        try life.run {
            let count = try desk.retryAll()
            while try desk.isBusy() { SystemClock.sleepThread(.milliseconds(20)) }
            print("\(count) dead letters were taken up again; `list` shows what stays")
        }
    }

    func archive(_ ids: [LogPosition]) throws {
        if let client {
            for id in ids { try ask(client, id, "archive") }
            return
        }
        let store = try openStore()
        for id in ids {
            _ = try store.history.archiveDeadLetters(at: [id], now: SystemClock().now)
            report(id, try store.history.deadLetter(at: id))
        }
        try store.close()
    }

    /// Whatever log its rows are of: nothing is read from it.
    private func openStore() throws -> Store {
        let paths = StorePaths(root: surroundings.settings.store.path)
        let lock = try Instance.lock(paths)
        do {
            return try Store(paths, lock: lock, clock: SystemClock())
        } catch StorageError.otherLog(_, let log) {
            return try Store(paths, lock: lock, log: log, clock: SystemClock())
        }
    }

    /// A life of the engine; of a log in Kafka, only a running instance is one.
    private func shortLife() throws -> ShortLife {
        do {
            return try ShortLife(surroundings.settings)
        } catch StorageError.otherLog(let path, let log) where log.hasPrefix("kafka:") {
            throw StartError.lettersInKafka(path: path)
        }
    }

    private func ask(_ client: SidePortClient, _ id: LogPosition, _ action: String) throws {
        do {
            let letter = try client.send(
                "POST", "/api/v1/dead-letters/\(id)/\(action)", as: LetterAnswer.self)
            print("\(id)  \(letter.state), taken up again \(letter.retries) times")
        } catch let refused as SidePortClient.Refused where refused.status != 0 {
            complain("\(id)  \(refused.detail)")
            throw refused
        }
    }

    private func report(_ id: LogPosition, _ letter: DeadLetter?) {
        guard let letter else { return complain("there is no dead letter \(id)") }
        print(letter.fateLine)
    }
}

private struct LetterAnswer: Decodable {
    var state: String
    var retries: Int
}

private struct AskedAnswer: Decodable { var asked: Int }
