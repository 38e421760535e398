import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite(.serialized) struct `The simulated provider` {
    /// Runs a feed against faults until enough events and connections came, and returns what came
    /// beside the truth file.
    private func run(
        _ faults: SimulatorFaults, connections: Int = 1
    ) throws -> (received: [String], truth: [String], clean: [String], counts: SimulatorCounts) {
        let scratch = try Scratch()
        var options = ProviderSimulatorOptions()
        options.eventsPerSecond = 4000
        options.faults = faults
        options.truthPath = scratch.path("truth.ndjson")
        options.cleanPath = scratch.path("clean.ndjson")
        let rig = try FeedRig(options)
        rig.connect()
        let isEnough = eventually {
            rig.log.liveCount >= connections && rig.marketEvents().count > 1500
        }
        #expect(isEnough)
        // The simulator ends first, and the feed reads everything that was sent.
        let counts = try rig.simulator.finish()
        let truth = try scratch.lines("truth.ndjson")
        _ = eventually {
            rig.drain()
            return received(rig).count >= truth.count
        }
        rig.stopFeed()
        try rig.simulator.shutDown()
        return (received(rig), truth, try scratch.lines("clean.ndjson"), counts)
    }

    private func received(_ rig: FeedRig) -> [String] {
        rig.frames.map { String(decoding: $0.payload, as: UTF8.self) }
            .filter { !$0.contains(#""ev":"status""#) }
    }

    private func ids(_ lines: [String]) -> [String] {
        lines.flatMap { line in (try? WireEvent.read(Array(line.utf8))) ?? [] }
            .filter { $0.object["p"] != nil || $0.ev == "Q" }
            .map { "\($0.symbol) \($0.integer("q"))" }
    }

    @Test func `without faults sends every planned event once and in order`() throws {
        let (received, truth, clean, counts) = try run(SimulatorFaults())
        #expect(received == truth)
        #expect(truth == clean)
        #expect(ids(clean).count == counts.planned && counts.planned > 800)
        #expect(counts.trades + counts.quotes == counts.planned)
        #expect(abs(Double(counts.trades) / Double(counts.planned) - 0.8) < 0.06)
        let times = try clean.flatMap { try WireEvent.read(Array($0.utf8)) }.map { $0.integer("t") }
        #expect(times == times.sorted())
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func `says so when it cannot write the truth any more, rather than fall silent`() throws {
        let disk = try SmallDisk(bytes: 64 << 10)
        var options = ProviderSimulatorOptions()
        options.eventsPerSecond = 50_000
        options.truthPath = disk.path + "/truth.ndjson"
        let rig = try FeedRig(options)
        rig.connect()
        // Who comes again hears it, too.
        let isTold = eventually {
            rig.drain()
            return rig.log.disconnections.count { $0.contains("cannot write its files") } >= 2
        }
        #expect(isTold, "\(rig.log.all)")
        rig.stopFeed()
        #expect(throws: (any Error).self) { try rig.simulator.finish() }
        try rig.simulator.shutDown()
    }

    @Test func `that drops leaves gaps, and the truth without what was dropped`() throws {
        var faults = SimulatorFaults()
        faults.drop = 0.1
        let (received, truth, clean, counts) = try run(faults)
        #expect(received == truth)
        #expect(counts.dropped > 40)
        #expect(ids(truth).count == ids(clean).count - Int(counts.dropped))
        #expect(Set(ids(truth)).isSubset(of: Set(ids(clean))))
    }

    @Test func `that repeats sends copies of what the truth already holds`() throws {
        var faults = SimulatorFaults()
        faults.duplicate = 0.1
        faults.within = .milliseconds(50)
        let (received, truth, clean, counts) = try run(faults)
        #expect(received == truth)
        #expect(counts.duplicated > 40)
        #expect(Set(ids(truth)) == Set(ids(clean)))
        let copies = ids(truth).count - ids(clean).count
        #expect(copies > 20 && copies <= counts.duplicated)
    }

    @Test func `that reorders sends everything but what it still holds back`() throws {
        var faults = SimulatorFaults()
        faults.reorder = 0.2
        faults.within = .milliseconds(60)
        let (received, truth, clean, counts) = try run(faults)
        #expect(received == truth)
        #expect(counts.reordered > 80)
        #expect(ids(truth) != ids(clean))
        #expect(Set(ids(truth)).isSubset(of: Set(ids(clean))))
        #expect(Set(ids(truth)).count == ids(truth).count)
    }

    @Test func `reorders within the window`() throws {
        var options = ProviderSimulatorOptions()
        options.eventsPerSecond = 4000
        options.faults.reorder = 0.2
        options.faults.within = .milliseconds(60)
        let start = Timestamp(seconds: 1_767_364_200)
        var stream = SimulatedStream(options, start: start)
        var newest: Int64 = 0
        var seen = 0
        for step in 1...Int(Duration.seconds(1) / options.tick) {
            let tick = stream.tick(until: start.advanced(by: options.tick * step))
            let frame = SimulatorSession.frame(of: tick.elements[...], in: tick.bytes)
            for event in try WireEvent.read(frame) {
                let time = event.integer("t")
                #expect(time >= newest - 66)
                newest = max(newest, time)
                seen += 1
            }
        }
        #expect(seen > 3900 && stream.counts.reordered > 600)
    }

    @Test func `that sends garbage keeps every event, and writes the garbage down too`() throws {
        var faults = SimulatorFaults()
        faults.garbage = 0.3
        let (received, truth, clean, counts) = try run(faults)
        #expect(received == truth)
        #expect(counts.garbage > 5)
        #expect(ids(truth) == ids(clean))
        var decoder = FrameFileDecoder()
        var batch = EventBatch()
        for line in truth {
            let start = batch.bytes.count
            batch.bytes += Array(line.utf8)
            decoder.decode(
                line: start..<batch.bytes.count, position: .start, into: &batch)
        }
        #expect(batch.refusals.count == Int(counts.garbage))
    }

    @Test func `that disconnects sends nothing meanwhile, and the truth says so`() throws {
        var faults = SimulatorFaults()
        faults.disconnectEvery = .milliseconds(150)
        let (received, truth, clean, counts) = try run(faults, connections: 4)
        #expect(received == truth)
        #expect(counts.disconnects >= 2 && counts.connections >= 3)
        #expect(counts.unheard > 0)
        #expect(ids(clean).count == ids(truth).count + Int(counts.unheard))
    }

    @Test func `plans the same events for the same seed and start`() {
        var options = ProviderSimulatorOptions()
        options.faults.drop = 0.5
        let start = Timestamp(seconds: 1_767_364_200)
        var faulty = SimulatedStream(options, start: start)
        options.faults = SimulatorFaults()
        var clean = SimulatedStream(options, start: start)
        let end = start.advanced(by: .seconds(1))
        let dropped = faulty.tick(until: end)
        let whole = clean.tick(until: end)
        #expect(dropped.bytes == whole.bytes)
        #expect(dropped.elements.count < whole.elements.count)
        #expect(whole.elements.count == 1001)
    }

    @Test func `shares events among many tickers by a Zipf law`() {
        var options = ProviderSimulatorOptions()
        options.tickers = 8000
        #expect(Set(options.symbols).count == 8000)
        var stream = SimulatedStream(options, start: Timestamp(seconds: 1_767_364_200))
        let tick = stream.tick(until: Timestamp(seconds: 1_767_364_220))
        let first = tick.elements.count { $0.listing == 0 }
        let tenth = tick.elements.count { $0.listing == 9 }
        #expect(first > tenth * 6 && tenth > 50)
        #expect(Set(tick.elements.map(\.listing)).count > 2000)
    }
}
