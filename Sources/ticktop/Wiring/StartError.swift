import Storage

/// Why ticktop cannot start, each with what to do next.
enum StartError: Error, CustomStringConvertible {
    case noMassiveKey
    case kafkaIsNoProvider
    /// What `ticktop ingest` was told to publish is not what its directory belongs to.
    case otherIngest(path: String, log: String)
    case held(by: LockHolder, path: String)
    case otherLog(path: String)
    case lettersInKafka(path: String)
    case historyInKafka(path: String)
    case otherProvider(wanted: String, here: String, path: String)
    case portBusy(reason: String)
    case noSidePort(LockHolder, path: String)
    case noTheme(name: String, known: String)

    var description: String {
        switch self {
        case .noMassiveKey:
            """
            the massive feed needs a key: set MASSIVE_API_KEY (or POLYGON_API_KEY), or try \
            `ticktop --feed binance`, which needs none
            """
        case .kafkaIsNoProvider:
            """
            Kafka holds what a provider has sent before: this command takes it from the provider, \
            with --feed demo, massive or binance
            """
        case .otherIngest(let path, let log):
            """
            \(path) belongs to another ingest (\(log)). Give this one a directory of its own \
            (`--journal PATH`)
            """
        case .held(let holder, let path):
            """
            the store \(path) is in use by \(holder). \
            \(holder.apiAddress.map { "See it with `ticktop attach \($0)`, give" } ?? "Give") \
            this one a store of its own (`--store PATH`), or stop the other
            """
        case .otherLog(let path):
            """
            the store \(path) was filled from another log, and two logs cannot share one store. \
            Give another `--store`
            """
        case .lettersInKafka(let path):
            """
            the dead letters of \(path) are taken up again through Kafka: start \
            `ticktop serve --feed kafka` on that store, and ask again
            """
        case .historyInKafka(let path):
            """
            the log of \(path) is in Kafka, and history comes into it with `ticktop ingest`: \
            name another store with --store
            """
        case .otherProvider(let wanted, let here, let path):
            """
            the instance that runs on \(path) has the provider \(here), not \(wanted): stop it, or \
            name another store with --store
            """
        case .portBusy(let reason): reason
        case .noSidePort(let holder, let path):
            """
            the store \(path) is in use by \(holder), which has no side port to ask. \
            Stop it, or start it with `api.enabled = true`
            """
        case .noTheme(let name, let known): "there is no theme `\(name)`: there are \(known)"
        }
    }
}
