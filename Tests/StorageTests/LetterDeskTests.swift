import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// The desk on a real store, with a clock by hand. What it sends is decided by the test.
@Suite struct `Dead letters on the desk` {
    private let directory: TemporaryDirectory
    private let store: Store
    private let clock = ManualClock(TestMorning.open)
    private let sent = Sent()

    private final class Sent: Sendable {
        let letters = Mutex([DeadLetter]())
        var ids: [LogPosition] { letters.withLock { $0.map(\.position) } }
        func forget() { letters.withLock { $0.removeAll() } }
    }

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    private func desk(_ schedule: RetrySchedule = RetrySchedule()) -> LetterDesk {
        let sent = self.sent
        return LetterDesk(
            history: store.history, schedule: schedule, clock: clock,
            send: { letters in sent.letters.withLock { $0 += letters } })
    }

    private func commit(_ change: (inout EffectBatch) -> Void) throws {
        var batch = EffectBatch()
        change(&batch)
        batch.through = LogPosition(
            epoch: 1, offset: store.writer.status.mark.position.offset + 1000)
        try store.writer.perform(batch)
        try store.writer.flush()
    }

    /// Letters at positions 0, 1, ..., received now.
    private func refuse(_ count: Int, _ reason: RefusalReason, raw: [UInt8] = [123, 125]) throws {
        try commit { batch in
            batch.deadLetters = (0..<count).map { number in
                DeadLetter(
                    position: .at(0, Int32(number)), source: .massive, receivedAt: clock.now,
                    refusal: Refusal(reason: reason, field: "t", symbol: "AAPL"), raw: raw)
            }
        }
    }

    /// The engine has taken up what was sent: all pass, or are refused again.
    private func decide(_ refusal: Refusal?) throws {
        let ids = sent.ids
        sent.forget()
        try commit { batch in
            batch.retries = ids.map {
                RetryOutcome(
                    letter: $0, position: store.writer.status.mark.position, retriedAt: clock.now,
                    refusal: refusal)
            }
        }
    }

    private let again = Refusal(reason: .eventTime, field: "t")

    @Test func `three attempts, five retries a quarter of an hour apart, then the archive`() throws
    {
        try refuse(1, .eventTime)
        let desk = desk()
        var tries: [Int64] = []
        for second in 0..<6000 {
            try desk.turn()
            if !sent.ids.isEmpty {
                tries.append(Int64(second))
                try decide(again)
            }
            clock.advance(by: .seconds(1))
        }
        #expect(tries == [1, 2, 902, 1802, 2702, 3602, 4502])
        let letter = try #require(try store.history.deadLetter(at: .at(0)))
        #expect(letter.fate == .archived && letter.retries == 7)
        #expect(try store.history.deadLetterCount() == 0)
        let file = directory.path + "/dead-letters/2026-01-02.ndjson"
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let line = try #require(
            try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(lines.count == 1)
        #expect(line["id"] as? String == "1.0.0" && line["raw"] as? String == "{}")
        #expect(line["retries"] as? Int == 7 && line["reason"] as? String == "event_time")
    }

    @Test func `what can only be refused again is archived when its retries would be used up`()
        throws
    {
        try refuse(2, .price)
        let desk = desk()
        for _ in 0..<4499 {
            try desk.turn()
            clock.advance(by: .seconds(1))
        }
        #expect(sent.ids.isEmpty)
        #expect(try store.history.deadLetterCount() == 2)
        clock.advance(by: .seconds(1))
        try desk.turn()
        #expect(sent.ids.isEmpty)
        #expect(try store.history.deadLetterCount() == 0)
    }

    @Test func `asked twice, or due as well, a letter goes once until it is decided`() throws {
        try refuse(1, .eventTime)
        let desk = desk()
        #expect(try desk.retry(.at(0)) != nil)
        clock.advance(by: .seconds(10))
        _ = try desk.retry(.at(0))
        try desk.turn()
        #expect(sent.ids == [.at(0)])
        try decide(nil)
        #expect(try desk.outcome(of: .at(0), within: .seconds(5))?.fate == .resolved)
        _ = try desk.retry(.at(0))
        #expect(sent.ids.isEmpty, "what has passed does not go again")
        #expect(try store.history.deadLetter(at: .at(0))?.retries == 1)
        #expect(try desk.retry(.at(7)) == nil)
    }

    @Test func `one that was cut off is not taken up`() throws {
        try refuse(1, .eventTime, raw: [UInt8](repeating: 32, count: DeadLetter.rawBytesMax))
        let desk = desk()
        _ = try desk.retry(.at(0))
        clock.advance(by: .seconds(10))
        try desk.turn()
        #expect(sent.ids.isEmpty)
    }

    @Test func `all of them go, in steps, each once`() throws {
        try refuse(600, .malformed)
        let desk = desk()
        #expect(try desk.retryAll() == 600)
        var seen = sent.ids
        #expect(seen.count == LetterDesk.underWayMax)
        while try desk.isBusy() {
            try decide(again)
            _ = try desk.isBusy()
            seen += sent.ids
        }
        #expect(seen == (0..<600).map { .at(0, Int32($0)) })
    }

    @Test func `an archived letter can still be taken up; archiving twice writes it once`() throws {
        try refuse(1, .malformed, raw: [0xFF, 0x00])
        let desk = desk()
        #expect(try desk.archive(.at(0))?.fate == .archived)
        #expect(try desk.archive(.at(0))?.fate == .archived)
        let file = directory.path + "/dead-letters/2026-01-02.ndjson"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1 && text.contains(#""raw_base64":"/wA=""#))
        _ = try desk.retry(.at(0))
        try decide(nil)
        #expect(try store.history.deadLetter(at: .at(0))?.fate == .resolved)
    }

    @Test func `what another engine decides is retried when it is due, and archived in the end`()
        throws
    {
        try refuse(1, .eventTime)
        let desk = desk()
        var tries: [Int64] = []
        for second in 0..<6000 {
            try desk.turn()
            if !sent.ids.isEmpty { tries.append(Int64(second)) }
            sent.forget()
            clock.advance(by: .seconds(1))
        }
        // A minute of waiting each, and then the pauses of the schedule.
        #expect(tries == [1, 63, 1024, 1985, 2946, 3907, 4868])
        let letter = try #require(try store.history.deadLetter(at: .at(0)))
        #expect(letter.fate == .archived && letter.retries == 7)
    }

    @Test func `with no interval nothing happens by itself`() throws {
        try refuse(1, .eventTime)
        var schedule = RetrySchedule()
        schedule.interval = .zero
        let desk = desk(schedule)
        clock.advance(by: .seconds(1_000_000))
        try desk.turn()
        #expect(sent.ids.isEmpty)
        #expect(try store.history.deadLetterCount() == 1)
    }

    @Test func `a repeat of an outcome after a restart is counted once`() throws {
        try refuse(1, .eventTime)
        let outcome = RetryOutcome(
            letter: .at(0), position: .at(1000), retriedAt: clock.now, refusal: again)
        var batch = EffectBatch()
        batch.retries = [outcome]
        batch.through = .at(1100)
        for end in [1100, 1100, 1200] {
            batch.through = .at(Int64(end))
            try store.writer.perform(batch)
            try store.writer.flush()
        }
        #expect(try store.history.deadLetter(at: .at(0))?.retries == 1)
    }
}
