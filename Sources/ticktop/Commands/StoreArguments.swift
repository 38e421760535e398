import ArgumentParser
import Storage
import TicktopConfiguration

/// For commands on what is stored, beside a running instance or without one.
struct StoreArguments: ParsableArguments {
    @Option(help: "The store's directory.") var store: String?
    @Option(help: "The configuration file.") var config: String?

    func surroundings() throws -> Surroundings {
        let overrides = store.map {
            [ConfigurationSources.Override("store.path", $0, flag: "--store")]
        }
        return try Surroundings(file: config, overrides: overrides ?? [])
    }

    /// Read-only, beside a running instance.
    func open() throws -> StoredHistory {
        try StoredHistory.readOnly(StorePaths(root: try surroundings().settings.store.path))
    }
}
