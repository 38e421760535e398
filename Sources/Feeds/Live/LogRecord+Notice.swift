import MarketModel

extension LogRecord {
    /// The record that carries a notice of ours through the log.
    init(notice: Notice, source: FeedSource, receivedAt: Timestamp) {
        let kind: LogRecordKind =
            switch notice {
            case .previousClose, .historicalBar: .reference
            case .connected, .disconnected, .outage: .connection
            case .shed: .shed
            case .settings: .settings
            }
        self.init(
            kind: kind, source: source, receivedAt: receivedAt,
            payload: Array(LogRecord.text(of: notice).utf8))
    }

    private static func text(of notice: Notice) -> String {
        switch notice {
        case .previousClose(let symbol, let price, let date):
            #"{"type":"previous_close","symbol":"\#(symbol)","price":"\#(price)","date":"\#(date)"}"#
        case .historicalBar(let bar, let interval): text(of: bar, interval)
        case .connected(let source): #"{"type":"connected","source":"\#(source.name)"}"#
        case .disconnected(let source, let reason):
            #"{"type":"disconnected","source":"\#(source.name)","reason":"\#(escaped(reason))"}"#
        case .shed(let source, let trades, let quotes, let other):
            #"{"type":"shed","source":"\#(source.name)","trades":\#(trades),"quotes":\#(quotes),"#
                + #""other":\#(other)}"#
        case .outage(let source, let from, let to):
            #"{"type":"outage","source":"\#(source.name)","from":\#(from.nanoseconds),"#
                + #""to":\#(to.nanoseconds)}"#
        case .settings(let json): json
        }
    }

    private static func text(of bar: ProviderBar, _ interval: BarInterval) -> String {
        var fields = [
            #""type":"bar""#, #""symbol":"\#(bar.symbol)""#, #""interval":"\#(interval.name)""#,
            #""start":\#(bar.start.nanoseconds)"#, #""end":\#(bar.end.nanoseconds)"#,
            #""open":"\#(bar.open)""#, #""high":"\#(bar.high)""#, #""low":"\#(bar.low)""#,
            #""close":"\#(bar.close)""#, #""volume":"\#(bar.volume)""#,
        ]
        if let vwap = bar.vwap { fields.append(#""vwap":"\#(vwap)""#) }
        if let count = bar.tradeCount { fields.append(#""trade_count":\#(count)"#) }
        if let open = bar.sessionOpen { fields.append(#""session_open":"\#(open)""#) }
        return "{\(fields.joined(separator: ","))}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .filter { !$0.isNewline && ($0.asciiValue ?? 32) >= 32 }
    }
}
