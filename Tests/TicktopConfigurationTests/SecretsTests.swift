import Foundation
import Testing

@testable import TicktopConfiguration

@Suite struct Secret {
    private func file(_ text: String, mode: Int = 0o600) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-secrets-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func `values come from the environment before the file`() throws {
        let path = try file("# keys\n\nFINNHUB_API_KEY = from=file\nPOLYGON_API_KEY=old\n")
        let secrets = try Secrets.read(environment: [
            "TICKTOP_SECRETS": path, "TICKTOP_API_TOKEN": "from-environment",
            "MASSIVE_API_KEY": "",
        ])
        #expect(secrets.finnhubKey == "from=file")
        #expect(secrets.massiveKey == "old")
        #expect(secrets.apiToken == "from-environment")
        let newer = try Secrets.read(environment: [
            "POLYGON_API_KEY": "old", "MASSIVE_API_KEY": "new", "HOME": "/nonexistent",
        ])
        #expect(newer.massiveKey == "new")
        #expect(newer.finnhubKey == nil)
    }

    @Test func `values are shown nowhere`() {
        let secrets = Secrets(massiveKey: "hunter2", finnhubKey: nil, apiToken: "hunter2")
        var dumped = ""
        dump(secrets, to: &dumped)
        for text in ["\(secrets)", String(reflecting: secrets), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secrets)".contains("massiveKey: redacted, finnhubKey: absent"))
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o660]) func `files others can reach are refused`(
        mode: Int
    ) throws {
        let path = try file("FINNHUB_API_KEY=x\n", mode: mode)
        #expect(throws: SecretsError.file(.readableByOthers(path: path, mode: mode))) {
            try Secrets.read(environment: ["TICKTOP_SECRETS": path])
        }
    }

    @Test func `files that are not what they should be are refused with the line, not the value`()
        throws
    {
        let path = try file("FINNHUB_API_KEY=x\nMASIVE_API_KEY=hunter2\n")
        #expect {
            try Secrets.read(environment: ["TICKTOP_SECRETS": path])
        } throws: { error in
            "\(error)".hasPrefix("\(path):2: expected NAME=value")
                && !"\(error)".contains("hunter2")
        }
        #expect(
            throws: SecretsError.file(
                .unreadable(path: "/nonexistent/s", reason: "no such file"))
        ) {
            try Secrets.read(environment: ["TICKTOP_SECRETS": "/nonexistent/s"])
        }
    }
}
