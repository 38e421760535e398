import Dispatch
import Engine
import Foundation
import Kafka
import MarketModel
import Synchronization

/// The tickers that other engines of the group compute, as `market.aggregations` tells them: an
/// answer for every ticker on every node.
///
/// Keeps the newest messages of each ticker as they came, and reads them when somebody asks.
final class FollowedMarket: @unchecked Sendable {
    // Unchecked: `reader` is used by the thread alone; the rest protects itself or never changes.
    private struct Told {
        var position: LogPosition
        var bytes: [UInt8]
    }

    private struct Ticker {
        var aggregation: Told?
        var quote: Told?
    }

    private let reader: DerivedReader
    private let board: SnapshotBoard
    private let tickers = Mutex<[Symbol: Ticker]>([:])
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    private static let rest = Duration.milliseconds(20)

    init(_ settings: KafkaSettings, board: SnapshotBoard) {
        reader = DerivedReader(settings, [.aggregations])
        self.board = board
    }

    /// As its engine told it last; `nil` for a ticker that nobody has told of. Any thread.
    func ticker(_ symbol: Symbol) -> TickerSnapshot? {
        guard let told = tickers.withLock({ $0[symbol] }) else { return nil }
        let market = ViewedMarket()
        do {
            for message in [told.aggregation, told.quote].compactMap({ $0 }) {
                switch try DerivedValue(message.bytes) {
                case .aggregate(let aggregate): market.apply(aggregate)
                case .quote(let quote): market.apply(quote)
                case .bar, .anomaly, .article: break
                }
            }
        } catch {
            board.update { $0.warn("what was told of \(symbol) cannot be read: \(error)") }
        }
        return market.snapshot(takenAt: .distantPast).ticker(symbol)
    }

    func start() {
        let thread = Thread { [self] in
            while !isStopping.load(ordering: .relaxed) {
                if !reader.read(take) { SystemClock.sleepThread(FollowedMarket.rest) }
            }
            reader.close()
            ended.signal()
        }
        thread.name = "ticktop.others"
        thread.start()
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        ended.wait()
    }

    // MARK: The thread

    /// Of a ticker's messages the one furthest in its log counts: an engine that was killed tells
    /// some again.
    private func take(_ message: borrowing KafkaMessage) throws {
        let id = String(decoding: message.header("id") ?? [], as: UTF8.self)
        let parts = id.split(separator: "-")
        let key = String(decoding: message.key, as: UTF8.self)
        guard let symbol = Symbol(key), let position = parts.last.flatMap({ LogPosition($0) })
        else { throw DerivedMessageError.malformed(field: "id") }
        let told = Told(position: position, bytes: Array(message.payload))
        tickers.withLock { tickers in
            let known = tickers[symbol] ?? Ticker()
            if parts[0] == "quote" {
                guard known.quote.map({ $0.position <= position }) ?? true else { return }
                tickers[symbol, default: known].quote = told
            } else {
                guard known.aggregation.map({ $0.position <= position }) ?? true else { return }
                tickers[symbol, default: known].aggregation = told
            }
        }
    }
}
