import MarketModel

/// What a client says to Massive: one JSON object a message.
public enum MassiveRequest {
    public static func authenticate(key: String) -> String {
        "{\"action\":\"auth\",\"params\":\(quoted(key))}"
    }

    /// Topics such as `T.AAPL`, `Q.AAPL`, `AM.*`.
    public static func subscribe(to topics: [String]) -> String { change("subscribe", topics) }

    public static func unsubscribe(from topics: [String]) -> String {
        change("unsubscribe", topics)
    }

    /// Trades, quotes, minute bars and price bands of some tickers.
    public static func topics(_ symbols: [Symbol], kinds: [String] = ["T", "Q", "AM", "LULD"])
        -> [String]
    {
        symbols.flatMap { symbol in kinds.map { "\($0).\(symbol)" } }
    }

    private static func change(_ action: String, _ topics: [String]) -> String {
        "{\"action\":\"\(action)\",\"params\":\(quoted(topics.joined(separator: ",")))}"
    }
}

/// What a client says to Binance.
public enum BinanceRequest {
    /// Streams such as `btcusdt@trade`.
    public static func subscribe(to streams: [String], id: Int) -> String {
        change("SUBSCRIBE", streams, id)
    }

    public static func unsubscribe(from streams: [String], id: Int) -> String {
        change("UNSUBSCRIBE", streams, id)
    }

    /// Trades and best bid and ask of some pairs; stream names are lower case.
    public static func streams(_ symbols: [Symbol]) -> [String] {
        symbols.flatMap { symbol in
            ["trade", "bookTicker"].map { "\(symbol.description.lowercased())@\($0)" }
        }
    }

    /// The path of a combined stream: `/stream?streams=btcusdt@trade/btcusdt@bookTicker`.
    public static func path(_ streams: [String]) -> String {
        "/stream?streams=\(streams.joined(separator: "/"))"
    }

    private static func change(_ method: String, _ streams: [String], _ id: Int) -> String {
        let params = streams.map { quoted($0) }.joined(separator: ",")
        return "{\"method\":\"\(method)\",\"params\":[\(params)],\"id\":\(id)}"
    }
}

/// A JSON string literal.
private func quoted(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": literal += "\\\""
        case "\\": literal += "\\\\"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}
