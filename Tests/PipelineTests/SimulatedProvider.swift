import Foundation
import MarketModel
import TestSupport

/// `ticktop simulate` on a free port, with its truth and clean files.
final class SimulatedProvider {
    let truth: String
    let clean: String
    private let program: ProgramUnderTest
    private let port: Int

    struct NotListening: Error { let errors: String }

    init(in scratch: Scratch, rate: Int, seed: UInt64 = Proof.seed, faults: [String] = []) throws {
        truth = scratch.path("truth.ndjson")
        clean = scratch.path("clean.ndjson")
        let program = try ProgramUnderTest(
            [
                "simulate", "--rate", String(rate), "--seed", String(seed), "--truth", truth,
                "--clean", clean,
            ] + faults, in: scratch.url)
        self.program = program
        var port: Int?
        _ = Proof.eventually {
            let line = program.outputSoFar.split(separator: "\n").first.map(String.init) ?? ""
            let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            port = (value as? [String: Any])?["port"] as? Int
            return port != nil
        }
        guard let port else { throw NotListening(errors: program.errorsSoFar) }
        self.port = port
    }

    var pid: Int32 { program.pid }
    /// Of its REST.
    var restAddress: String { "http://127.0.0.1:\(port)" }
    /// Of its WebSocket.
    var address: String { "ws://127.0.0.1:\(port)/stocks" }

    /// How `serve` reaches it; every life keeps its journal.
    func subscriber(store: String, in scratch: Scratch, environment: [String: String])
        throws -> ProgramUnderTest
    {
        try ProgramUnderTest(
            [
                "serve", "--feed", "massive", "--url", address, "--store",
                scratch.path(store), "--port", "0",
            ], in: scratch.url,
            // Without news, which the truth and clean files do not hold.
            environment: [
                "MASSIVE_API_KEY": "any", "TICKTOP_STORE_KEEP_JOURNAL": "true",
                "TICKTOP_NEWS_PROVIDER": "off",
            ].merging(environment) { $1 })
    }

    /// Ends the market; what it says it did.
    func finish() throws -> ProgramUnderTest.Outcome {
        program.kill(SIGINT)
        return try program.waitForEnd()
    }
}

/// A subscriber that runs until it is told to stop, with its port for looking in.
struct LiveRun {
    let program: ProgramUnderTest
    let port: SidePortUnderTest
    let store: StoreUnderTest
    /// Received in the lives before this one, as far as the store knows.
    private let receivedBefore: Int

    init(
        _ provider: SimulatedProvider, store: String, in scratch: Scratch,
        environment: [String: String] = [:]
    ) throws {
        let earlier = StoreUnderTest(scratch.path(store))
        receivedBefore =
            FileManager.default.fileExists(atPath: earlier.database)
            ? try earlier.count("select sum(received) from source_counts") : 0
        program = try provider.subscriber(
            store: store, in: scratch, environment: environment)
        port = try SidePortUnderTest(ofStore: scratch.path(store), heldBy: program.pid)
        self.store = StoreUnderTest(scratch.path(store))
    }

    /// Received so far, by the program's own count.
    func received() async throws -> Int {
        Int(try await port.metric(#"ticktop_tick_messages_received_total{source="massive"}"#) ?? 0)
    }

    /// Waits until so many have been received in all lives together.
    func waitUntilReceived(_ count: Int) async throws -> Bool {
        try await Proof.eventually { try await received() >= count }
    }

    /// Waits that long, and longer on a machine so busy that this life has not received so many by
    /// then.
    func live(seconds: Double, receiving count: Int) async throws -> Bool {
        SystemClock.sleepThread(.milliseconds(Int(seconds * 1000)))
        return try await waitUntilReceived(receivedBefore + count)
    }

    /// Resident memory now.
    func residentBytes() throws -> Int { try program.residentBytes() }

    func stop() throws -> ProgramUnderTest.Outcome {
        program.kill(SIGTERM)
        return try program.waitForEnd()
    }
}

extension ProgramUnderTest {
    /// A replay without a screen, into a store.
    static func replay(
        _ log: String, into store: String, in scratch: Scratch, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(
            ["replay", log, "--no-screen", "--store", scratch.path(store)], in: scratch.url,
            environment: environment)
    }
}
