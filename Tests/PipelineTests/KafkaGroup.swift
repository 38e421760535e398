import Foundation
import MarketModel
import TestSupport
import Testing

/// Engines of one consumer group, each with a store of its own that outlives it.
final class EngineGroup {
    /// How a member goes.
    private enum Departure: String, CaseIterable { case leave, kill, freeze }

    private struct Member {
        var program: ProgramUnderTest
        /// What the broker knows it by: another name in each life.
        var client: String
        /// When a frozen one wakes.
        var wakesAt: Int64?
    }

    private let rig: KafkaRig
    private let names: [String]
    private let environment: [String: String]
    /// Within this the brokers hear of a member, or it is one no more.
    private let sessionTimeout: Duration
    private let frozenFor: Duration
    private var members: [String: Member] = [:]
    private var lives = 0
    /// Sessions that will have run out.
    private var expiring: [(client: String, at: Int64)] = []
    /// Each comes once before one comes again.
    private var untried: [Departure] = []
    private(set) var changes: [String] = []

    init(
        _ rig: KafkaRig, names: [String], environment: [String: String], sessionTimeout: Duration,
        frozenFor: Duration
    ) {
        self.rig = rig
        self.names = names
        self.environment = environment
        self.sessionTimeout = sessionTimeout
        self.frozenFor = frozenFor
    }

    /// The stores of those who have ever been a member.
    var stores: [StoreUnderTest] {
        names.map { StoreUnderTest(rig.scratch.path($0)) }
            .filter { FileManager.default.fileExists(atPath: $0.database) }
    }

    func join(_ name: String) throws {
        lives += 1
        let client = "\(name)-\(lives)"
        let known = ["TICKTOP_KAFKA_CLIENT_ID": client]
        let program = try rig.engine(name, environment: environment.merging(known) { $1 })
        members[name] = Member(program: program, client: client)
        changes.append("join \(name)")
    }

    /// One change of one of those that are not frozen: who is away joins, and who is there leaves,
    /// is killed or freezes.
    func change(using random: inout SeededRandom) throws {
        let awake = names.filter { members[$0]?.wakesAt == nil }
        guard let name = awake.randomElement(using: &random) else { return }
        guard let member = members[name] else { return try join(name) }
        if untried.isEmpty { untried = Departure.allCases.shuffled(using: &random) }
        let departure = untried.removeLast()
        changes.append("\(departure) \(name)")
        // Who leaves while it joins is not heard by this broker.
        defer { expire(member.client) }
        switch departure {
        case .leave:
            member.program.kill(SIGTERM)
            let end = try member.program.waitForEnd()
            #expect(end.status == 0, "\(name) left: \(end.errors)")
            members[name] = nil
        case .kill:
            member.program.kill(SIGKILL)
            _ = try member.program.waitForEnd()
            members[name] = nil
        case .freeze:
            member.program.kill(SIGSTOP)
            members[name]?.wakesAt = now + frozenFor.nanosecondsInAll
        }
    }

    /// Time goes on: sessions end, and who is frozen wakes.
    func wait(_ span: Duration) throws {
        let end = now + span.nanosecondsInAll
        repeat {
            try turn()
            SystemClock.sleepThread(.milliseconds(50))
        } while now < end
    }

    /// Wakes everybody and lets all sessions end that have to.
    func settle() throws {
        while !expiring.isEmpty || members.values.contains(where: { $0.wakesAt != nil }) {
            try wait(.milliseconds(100))
        }
        if members.isEmpty { try join(names[0]) }
    }

    /// Everybody leaves in good order.
    func end() throws {
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            member.program.kill(SIGTERM)
            let end = try member.program.waitForEnd()
            #expect(end.status == 0, "\(name) ended: \(end.errors)")
        }
        members = [:]
    }

    /// What those that are there say of Kafka: for a failure's text.
    func health() async throws -> String {
        var said: [String] = []
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            let port = try rig.port(name, of: member.program)
            let status = try await port.get("/metrics").text.split(separator: "\n")
                .filter { $0.contains("kafka") && !$0.hasPrefix("#") }
            said.append("\(name): \(try await port.kafkaHealth()) \(status.joined(separator: " "))")
        }
        return said.joined(separator: "\n")
    }

    private func turn() throws {
        for (name, member) in members {
            guard let wakesAt = member.wakesAt, now >= wakesAt else { continue }
            member.program.kill(SIGCONT)
            members[name]?.wakesAt = nil
            changes.append("thaw \(name)")
        }
        while let first = expiring.first, now >= first.at {
            expiring.removeFirst()
            _ = try ReferenceProgram.run(
                "Tests/PipelineTests/Reference/expire_member.py",
                [rig.broker.address, rig.settings.group, first.client])
        }
    }

    private func expire(_ client: String) {
        expiring.append((client, now + sessionTimeout.nanosecondsInAll))
    }

    private var now: Int64 { SystemClock.monotonicNanoseconds }
}

extension Duration {
    fileprivate var nanosecondsInAll: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
