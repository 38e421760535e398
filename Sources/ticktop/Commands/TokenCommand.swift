import API
import ArgumentParser

/// `ticktop token`: what writes over the API have to bring along.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print the token that writes over the API need.",
        discussion:
            "Made on first use in a file only you can read; TICKTOP_API_TOKEN takes its place.")

    func run() throws {
        let surroundings = try Surroundings(file: nil, overrides: [])
        let path = SidePort.tokenPath(surroundings.sources.directories)
        print(try SidePort.token(surroundings.secrets, path: path).secret)
    }
}
