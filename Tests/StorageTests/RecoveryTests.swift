import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct RecoveryTests {
    private static let now = TestMorning.open.advanced(by: .seconds(100))

    private static func mark(_ position: LogPosition, receivedAtLast: Timestamp? = nil)
        -> CommitMark
    {
        var mark = CommitMark()
        mark.position = position
        mark.receivedAtLast = receivedAtLast
        return mark
    }

    private static func journal(_ start: LogPosition, _ end: LogPosition) -> JournalExtent {
        var extent = JournalExtent()
        extent.start = start
        extent.end = end
        extent.lastReceivedAt = TestMorning.open
        return extent
    }

    private static func plan(
        _ committed: LogPosition, _ journal: JournalExtent, _ copies: [LogPosition]
    ) -> RecoveryPlan {
        RecoveryPlan(committed: mark(committed), journal: journal, copies: copies, now: now)
    }

    @Test func `a first start has nothing to recover`() {
        let plan = Self.plan(.start, JournalExtent(), [])
        #expect(plan.state == .empty)
        #expect(plan.newEpoch == nil)
        #expect(plan.outage == nil)
        #expect(!plan.isWarmingUp)
    }

    @Test func `the newest copy not ahead of the store is loaded, and the log read from there`() {
        let plan = Self.plan(
            .at(500), Self.journal(.at(0), .at(900)), [.at(600), .at(100), .at(400)])
        #expect(plan.state == .copy(.at(400)))
        #expect(plan.readFrom == .at(400))
        #expect(plan.newEpoch == nil)
        #expect(plan.outage == .init(from: TestMorning.open, to: Self.now))
        #expect(!plan.isWarmingUp)
    }

    @Test func `without a copy the whole log is read`() {
        let plan = Self.plan(.at(500), Self.journal(.at(0), .at(500)), [])
        #expect(plan.state == .empty)
        #expect(plan.readFrom == .at(0))
        #expect(plan.newEpoch == nil)
        #expect(!plan.isWarmingUp)
    }

    @Test func `without a copy and with a pruned log, windows warm up from what is kept`() {
        let plan = Self.plan(.at(500), Self.journal(.at(300), .at(600)), [.at(700)])
        #expect(plan.state == .empty)
        #expect(plan.readFrom == .at(300))
        #expect(plan.isWarmingUp)
    }

    @Test func `a copy from before the kept log is of no use`() {
        let plan = Self.plan(.at(500), Self.journal(.at(300), .at(600)), [.at(200)])
        #expect(plan.state == .empty)
        #expect(plan.isWarmingUp)
    }

    @Test func `a journal that ends before what is committed goes on in a new epoch`() {
        let plan = Self.plan(.at(500), Self.journal(.at(0), .at(450)), [.at(200)])
        #expect(plan.state == .copy(.at(200)))
        #expect(plan.readFrom == .at(200))
        #expect(plan.newEpoch == 2)
        #expect(plan.outage?.from == TestMorning.open)
    }

    @Test func `a copy behind the journal's end and within what is committed still holds`() {
        let plan = Self.plan(.at(500), Self.journal(.at(0), .at(450)), [.at(480)])
        #expect(plan.state == .copy(.at(480)))
        #expect(plan.newEpoch == 2)
    }

    @Test func `a lost journal starts a new epoch, with the outage from the last commit`() {
        let received = TestMorning.open.advanced(by: .seconds(50))
        let plan = RecoveryPlan(
            committed: Self.mark(.at(500), receivedAtLast: received), journal: JournalExtent(),
            copies: [.at(400)], now: Self.now)
        #expect(plan.state == .copy(.at(400)))
        #expect(plan.newEpoch == 2)
        #expect(plan.outage == .init(from: received, to: Self.now))
        let bare = RecoveryPlan(
            committed: Self.mark(.at(500), receivedAtLast: received), journal: JournalExtent(),
            copies: [], now: Self.now)
        #expect(bare.state == .empty)
        #expect(bare.isWarmingUp)
    }

    @Test func `a new epoch that was begun but not committed is gone on with`() {
        let end = LogPosition(epoch: 2, offset: 50)
        let plan = Self.plan(.at(500), Self.journal(.at(0), end), [.at(450)])
        #expect(plan.newEpoch == nil)
        #expect(plan.readFrom == .at(450))
    }

    @Test func `a clock that went back makes no outage of negative length`() {
        let before = TestMorning.open.advanced(by: .seconds(-9))
        let plan = RecoveryPlan(
            committed: Self.mark(.at(1)), journal: Self.journal(.at(0), .at(9)), copies: [],
            now: before)
        #expect(plan.outage == .init(from: TestMorning.open, to: TestMorning.open))
    }

    @Test func `no plan of any combination skips a record that is not committed`() {
        let offsets: [Int64] = [0, 100, 200, 300, 400]
        for committed in offsets {
            for start in offsets {
                for end in offsets where end >= start {
                    for copies in Self.subsets(offsets) {
                        let plan = Self.plan(
                            .at(committed), Self.journal(.at(start), .at(end)), copies)
                        Self.check(plan, committed: committed, end: end, copies: copies)
                    }
                }
            }
        }
    }

    private static func check(
        _ plan: RecoveryPlan, committed: Int64, end: Int64, copies: [LogPosition]
    ) {
        #expect((plan.newEpoch != nil) == (end < committed))
        switch plan.state {
        case .copy(let position):
            #expect(copies.contains(position))
            #expect(position <= .at(committed))
            #expect(plan.readFrom == position)
        case .empty: #expect(plan.readFrom <= .at(end))
        }
    }

    private static func subsets(_ offsets: [Int64]) -> [[LogPosition]] {
        (0..<(1 << offsets.count)).map { bits in
            offsets.indices.filter { bits >> $0 & 1 == 1 }.map { .at(offsets[$0]) }
        }
    }

    @Test func `the journal is kept from the older copy and from the committed position on`() {
        func before(_ committed: Int64, _ copies: [LogPosition]) -> LogPosition? {
            RecoveryPlan.prunableBefore(committed: .at(committed), copies: copies)
        }
        #expect(before(500, []) == nil)
        #expect(before(500, [.at(100)]) == nil)
        #expect(before(500, [.at(400), .at(100)]) == .at(100))
        #expect(before(50, [.at(400), .at(100)]) == .at(50))
        #expect(before(900, [.at(1), .at(400), .at(100)]) == .at(100))
    }
}
