import API
import Engine
import MarketModel
import TUI
import TestSupport
import Testing

@testable import Remote

@Suite struct `An attached screen` {
    private static let sizes = [(200, 50), (120, 40), (80, 24), (40, 10)]

    private func picture(
        _ board: SnapshotBoard, _ history: any MarketHistory, _ clock: any MarketClock,
        _ size: GridSize
    ) -> [Substring] {
        var options = ScreenOptions(
            tickers: [], capabilities: Capabilities(colorDepth: .truecolor), user: "ann")
        options.clock = .exchange
        return Dashboard(
            board: board, history: { history }, clock: clock, options: options,
            session: { _ in MarketSession(label: "24h", isOpen: true) }
        ).picture(size: size).ansi.split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test(arguments: [11, 12, 13])
    func `is the local one but for its header`(seed: UInt64) async throws {
        let served = ServedBoard(seed: seed)
        try await served.serve { port in
            let remote = try served.remoteBoard(port: port)
            let history = try served.remoteHistory(port: port)
            try await blocking {
                try remote.start()
                #expect(remote.isLive)
                for (columns, rows) in Self.sizes {
                    let size = GridSize(columns: columns, rows: rows)
                    let local = picture(served.board, served.history, served.clock, size)
                    let attached = picture(remote.board, history, remote.clock, size)
                    #expect(attached.count == rows || attached.count == rows + 1)
                    #expect(attached.dropFirst() == local.dropFirst(), "\(columns)x\(rows)")
                    if columns >= 120 {
                        #expect(attached[0].contains("ATTACHED"), "\(attached[0])")
                    }
                }
                try remote.stop()
                try history.close()
            }
        }
    }

    @Test func `asks the server as a local one asks its store`() async throws {
        let served = ServedBoard(seed: 21)
        let id = served.history.episodes(EpisodeQuery())[0].episode.id
        try await served.serve { port in
            let remote = try served.remoteHistory(port: port)
            let local = KeptHistory(served.history.content.withLock { $0 })
            try await blocking {
                #expect(try questions(remote, id) == questions(local, id))
                try remote.close()
            }
            let answered = served.history.content.withLock { $0.asked }
            #expect(answered == local.content.withLock { $0.asked })
        }
    }

    /// Every kind of question with every kind of argument; the answers as text.
    private func questions(_ history: any MarketHistory, _ id: String) throws -> [String] {
        let moment = Timestamp(nanoseconds: 1_767_382_312_400_000_007)
        let position = LogPosition(epoch: 2, offset: 77, index: 3)
        var query = EpisodeQuery()
        query.symbol = "BTC/USD"
        query.since = moment
        query.isOpen = true
        query.isAcknowledged = false
        query.severity = .high
        query.kind = .volumeSpike
        query.limit = 300
        var answers: [Any] = [
            try history.bars("BTC/USD", interval: .second, from: moment, to: moment, limit: 7),
            try history.bars("AAPL", interval: .minute, from: nil, to: nil, limit: 1000),
            try history.newestBars(["AAPL", "BRK.B"], interval: .minute, limit: 40)
                .sorted { $0.key < $1.key }.map { "\($0)" },
            try history.trades("AAPL", before: nil, limit: 100),
            try history.trades("BTC/USD", before: position, limit: 3),
            try history.episodes(query), try history.episodes(EpisodeQuery()),
            try history.articles(nil, since: nil, limit: 100),
            try history.articles("BRK.B", since: moment, limit: 5),
            try history.deadLetters(before: nil, limit: 9),
            try history.deadLetters(before: position, limit: 9), try history.deadLetterCount(),
            try history.features("BTC/USD", limit: 60),
            try history.signals(nil, since: moment, limit: 8),
            try history.signals("AAPL", since: nil, limit: 8),
            try history.listings(), try history.earnings("BTC/USD"),
        ]
        let note = "seen, \"all of it\" & more\nÜ"
        let given = try history.acknowledge(id, by: "ann", at: moment, note: note)
        answers.append(given?.acknowledgement?.note as Any)
        answers.append(given?.acknowledgement?.by as Any)
        let taken = try history.unacknowledge(id, by: "ann", at: moment)
        answers.append(taken?.isAcknowledged as Any)
        let unknown = try history.acknowledge("no-such/episode", by: "ann", at: moment, note: "")
        answers.append(unknown as Any)
        return answers.map { "\($0)" }
    }

    @Test func `asks for the indicators of the ticker it looks at`() async throws {
        let served = ServedBoard(seed: 31)
        try await served.serve { port in
            let remote = try served.remoteBoard(port: port)
            try await blocking { try remote.start() }
            remote.board.watch("TSLA")
            remote.board.watch("AAPL")
            #expect(await eventually { served.board.watchedTickers == ["AAPL", "TSLA"] })
            try await blocking { try remote.stop() }
        }
    }

    @Test func `follows the server's clock where the two differ`() {
        let local = ManualClock(Timestamp(seconds: 1000))
        let clock = RemoteClock(local: local)
        clock.heard(sentAt: Timestamp(seconds: 1029))
        clock.heard(sentAt: Timestamp(milliseconds: 1_029_900))
        clock.heard(sentAt: Timestamp(seconds: 1020))
        #expect(clock.now == Timestamp(milliseconds: 1_029_900))
        // Set back over there: forgotten after a minute.
        for _ in 0..<7 {
            local.advance(by: .seconds(10))
            clock.heard(sentAt: local.now.advanced(by: .seconds(-5)))
        }
        #expect(clock.now == local.now.advanced(by: .seconds(-5)))
    }

    @Test func `goes on by itself when the server is back`() async throws {
        let served = ServedBoard(seed: 41)
        let remote = try await served.serve { port in
            let remote = try served.remoteBoard(port: port)
            try await blocking { try remote.start() }
            return (remote, port)
        }
        let (board, port) = (remote.0, remote.1)
        let state = { @Sendable in board.board.status.attachment?.state }
        #expect(
            await eventually {
                if case .disconnected(let reason, let retryAt) = state() {
                    return !reason.isEmpty && retryAt != nil
                }
                return false
            })
        #expect(board.board.snapshot.tickers.count == RandomBoard.symbols.count)
        var later = served.board.snapshot
        later.takenAt = later.takenAt.advanced(by: .seconds(60))
        later.tickers.removeFirst()
        served.board.publish(later)
        try await served.serve(port: port) { _ in
            #expect(await eventually { board.isLive })
            #expect(board.board.snapshot.takenAt == later.takenAt)
            #expect(board.board.snapshot.tickers.map(\.symbol) == later.tickers.map(\.symbol))
        }
        try await blocking { try board.stop() }
    }

    @Test func `sees each change of the board`() async throws {
        let served = ServedBoard(seed: 51)
        try await served.serve { port in
            let remote = try served.remoteBoard(port: port)
            try await blocking { try remote.start() }
            for step in 1...5 {
                var next = served.board.snapshot
                next.takenAt = next.takenAt.advanced(by: .milliseconds(100))
                next.tickers[step].sessionTradeCount += 1
                served.board.publish(next)
                served.board.update { $0.reconnects += 1 }
                let count = next.tickers[step].sessionTradeCount
                let takenAt = next.takenAt
                let reconnects = served.board.status.reconnects
                #expect(
                    await eventually {
                        remote.board.snapshot.tickers[step].sessionTradeCount == count
                            && remote.board.status.reconnects == reconnects
                            && remote.board.snapshot.takenAt == takenAt
                    })
            }
            try await blocking { try remote.stop() }
        }
    }
}

/// Looks again and again for 20 s at most.
func eventually(_ isSo: @Sendable () -> Bool) async -> Bool {
    for _ in 0..<400 {
        if isSo() { return true }
        do {
            try await blocking { SystemClock.sleepThread(.milliseconds(50)) }
        } catch {
            return false
        }
    }
    return isSo()
}
