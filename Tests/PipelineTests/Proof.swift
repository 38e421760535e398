import Foundation
import MarketModel
import TestSupport

/// How long a proof runs: a short seeded sample in `make test`, in full in `make prove`.
enum Proof {
    static var isFull: Bool { ProcessInfo.processInfo.environment["TICKTOP_PROVE"] != nil }

    static func pick<Value>(sample: Value, full: Value) -> Value { isFull ? full : sample }

    /// `TICKTOP_SEED` repeats a run that failed.
    static var seed: UInt64 {
        ProcessInfo.processInfo.environment["TICKTOP_SEED"].flatMap(UInt64.init) ?? 20_260_102
    }

    /// A number from the environment, such as a rate to be tried, else the usual one.
    static func number(_ name: String, sample: Int, full: Int) -> Int {
        let given = ProcessInfo.processInfo.environment[name].flatMap(Int.init)
        return given ?? pick(sample: sample, full: full)
    }

    /// Asks again every 50 ms until it is so, or until the time is up.
    static func eventually(within limit: Duration = .seconds(90), _ isSo: () throws -> Bool)
        rethrows -> Bool
    {
        let end = SystemClock().now.advanced(by: limit)
        while SystemClock().now < end {
            if try isSo() { return true }
            SystemClock.sleepThread(.milliseconds(50))
        }
        return try isSo()
    }

    /// The same for what has to be asked over a network.
    static func eventually(within limit: Duration = .seconds(90), _ isSo: () async throws -> Bool)
        async rethrows -> Bool
    {
        let end = SystemClock().now.advanced(by: limit)
        while SystemClock().now < end {
            if try await isSo() { return true }
            SystemClock.sleepThread(.milliseconds(50))
        }
        return try await isSo()
    }
}

/// An empty directory that goes away with the value.
final class Scratch {
    let url: URL

    init() throws { url = try ProgramUnderTest.makeScratch() }

    func path(_ name: String) -> String { url.appending(path: name).path }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("could not remove \(url.path): \(error)")
        }
    }
}
