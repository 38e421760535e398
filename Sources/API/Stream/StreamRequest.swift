import Engine
import Foundation
import MarketModel

/// What a client of `/ws` says.
enum StreamRequest: Equatable {
    case subscribe(Set<StreamTopic>, answer: Echo)
    case unsubscribe(Set<StreamTopic>, answer: Echo)
    /// The snapshots are to hold the indicators of these tickers.
    case watch([Symbol])
    case ping

    /// What was said, to be said back.
    struct Echo: Equatable {
        var symbols: [String]
        var channels: [String]

        func json(_ type: String) -> JSON {
            [
                "type": .text(type), "symbols": .list(symbols.map { .text($0) }),
                "channels": .list(channels.map { .text($0) }),
            ]
        }
    }

    enum Failure: Error, Equatable {
        case notJSON
        case unknownType(String)
        case malformedSymbol(String)
        case unknownChannel(String)
        case missing(String)
        case tooManyTopics
        /// The stream has one topic, named in its path.
        case fixed

        var json: JSON {
            let (code, detail) = text
            return [
                "type": .text("error"), "error": .text(code),
                "detail": .text(String(detail.prefix(300))),
            ]
        }

        private var text: (code: String, detail: String) {
            switch self {
            case .notJSON:
                (
                    "malformed",
                    #"expected {"type": "subscribe", "symbols": [...], "channels": [...]}"#
                )
            case .unknownType(let type):
                ("type", "expected subscribe|unsubscribe|watch|ping, got \(type)")
            case .malformedSymbol(let symbol):
                ("symbols", "expected tickers or *, got \(symbol)")
            case .unknownChannel(let channel):
                ("channels", "expected \(StreamChannel.choices) or *, got \(channel)")
            case .missing(let member): (member, "\(member) is missing or empty")
            case .tooManyTopics:
                ("limit", "at most \(StreamHub.topicsMax) channels of tickers; * is one")
            case .fixed: ("fixed", "this stream has one ticker; /ws takes subscriptions")
            }
        }
    }

    private struct Message: Decodable {
        var type: String
        var symbols: [String]?
        var channels: [String]?
    }

    init(_ bytes: [UInt8]) throws(Failure) {
        let message: Message
        do {
            message = try JSONDecoder().decode(Message.self, from: Data(bytes))
        } catch {
            throw .notJSON
        }
        switch message.type {
        case "ping": self = .ping
        case "subscribe":
            self = .subscribe(
                try StreamRequest.topics(message), answer: StreamRequest.echo(message))
        case "unsubscribe":
            self = .unsubscribe(
                try StreamRequest.topics(message), answer: StreamRequest.echo(message))
        case "watch": self = .watch(try StreamRequest.tickers(message))
        default: throw .unknownType(String(message.type.prefix(50)))
        }
    }

    private static func echo(_ message: Message) -> Echo {
        Echo(symbols: message.symbols ?? [], channels: message.channels ?? [])
    }

    private static func tickers(_ message: Message) throws(Failure) -> [Symbol] {
        guard let names = message.symbols, !names.isEmpty else { throw .missing("symbols") }
        guard names.count <= SnapshotBoard.watchedMax else { throw .tooManyTopics }
        var symbols: [Symbol] = []
        for name in names {
            guard let symbol = Symbol(name) else { throw .malformedSymbol(name) }
            symbols.append(symbol)
        }
        return symbols
    }

    /// Every channel named of every ticker named; `*` is all. Health is of no ticker.
    private static func topics(_ message: Message) throws(Failure) -> Set<StreamTopic> {
        guard let names = message.channels, !names.isEmpty else { throw .missing("channels") }
        var channels: Set<StreamChannel> = []
        for name in names {
            if name == "*" {
                channels.formUnion(StreamChannel.allCases)
            } else if let channel = StreamChannel.allCases.first(where: { $0.rawValue == name }) {
                channels.insert(channel)
            } else {
                throw .unknownChannel(name)
            }
        }
        var topics: Set<StreamTopic> = []
        if channels.remove(.health) != nil {
            topics.insert(StreamTopic(channel: .health, symbol: nil))
        }
        guard !channels.isEmpty else { return topics }
        let symbols = message.symbols ?? []
        guard !symbols.isEmpty else { throw .missing("symbols") }
        guard channels.count * symbols.count <= StreamHub.topicsMax else { throw .tooManyTopics }
        for text in symbols {
            let symbol = Symbol(text)
            guard symbol != nil || text == "*" else { throw .malformedSymbol(text) }
            for channel in channels {
                topics.insert(StreamTopic(channel: channel, symbol: symbol))
            }
        }
        return topics
    }
}
