import ArgumentParser
import Foundation
import TUI
import TicktopConfiguration

/// `ticktop config`: what the configuration is, and where it comes from.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and check the configuration. Nothing is ever written.",
        subcommands: [Check.self, Print.self, Defaults.self, Paths.self, Keys.self],
        defaultSubcommand: Print.self)

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration; every error at once, with file, line and column.")
        @Option(help: "The configuration file.") var config: String?

        func run() throws {
            do {
                let surroundings = try Surroundings(file: config, overrides: [])
                _ = try DashboardOptions(surroundings, tickers: [])
                print("\(surroundings.configuration.file ?? "defaults"): ok")
            } catch let error as ConfigurationError {
                complain(error.description)
                throw ExitCode(2)
            }
        }
    }

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Every value in force and where it is from: default, file, environment or flag."
        )
        @Option(help: "The configuration file.") var config: String?

        func run() throws {
            print(try Surroundings(file: config, overrides: []).configuration.printed)
        }
    }

    struct Defaults: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A configuration file with every key, its meaning and its default.")

        func run() {
            print(
                SettingTable.defaultsText(keys: KeyMap.configurationText), terminator: "")
        }
    }

    struct Paths: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where configuration, themes, store and token are looked for.")
        @Option(help: "The configuration file.") var config: String?

        func run() throws {
            let surroundings = try Surroundings(file: config, overrides: [])
            for place in surroundings.sources.searchPath {
                let isThere = FileManager.default.fileExists(atPath: place.path)
                let isUsed = place.path == surroundings.configuration.file
                let state = isUsed ? ", in use" : isThere ? "" : ", not there"
                print("config  \(place.path)  (\(place.origin)\(state))")
            }
            for directory in DashboardOptions.themeDirectories(surroundings) {
                print("themes  \(directory)")
            }
            print("choices \(DashboardOptions.choicesPath(surroundings))")
            print("store   \(surroundings.settings.store.path)")
            print("token   \(SidePort.tokenPath(surroundings.sources.directories))")
        }
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The keys of the dashboard, as the configuration has them.")
        @Option(help: "The configuration file.") var config: String?

        func run() throws {
            let surroundings = try Surroundings(file: config, overrides: [])
            print(try DashboardOptions.keyMap(surroundings.configuration).text, terminator: "")
        }
    }
}
