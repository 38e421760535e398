import MarketModel

/// Why a provider's answer to a question about the past could not be used.
public enum HistoryError: Error, Equatable {
    /// Not JSON, or not of the documented shape, at this field.
    case malformed(field: String, byteOffset: Int)
    /// The provider said no, in its own words.
    case provider(status: String, message: String)
}

/// Bars from REST answers: Massive's aggregates and Binance's klines. Digits are read exactly.
public enum HistoryDecoder {
    /// The body of `/v2/aggs/ticker/.../range/...` or `/prev`: oldest first as asked for, empty
    /// when there are none.
    ///
    /// A bar is `length` long. A row that is no sane bar ends the reading with an error. `nextURL`
    /// is the rest's address, without a key, to be used only on the configured host.
    public static func massiveBars(
        _ body: [UInt8], symbol: Symbol, length: BarInterval
    ) throws(HistoryError) -> (bars: [ProviderBar], nextURL: String?) {
        try reading(body) { cursor throws(HistoryError) in
            guard cursor.current == UInt8(ascii: "{") else { throw cursor.shapeError }
            cursor.at += 1
            var answer = cursor.fields(MassiveAnswerFields.self)
            try cursor.throwFault()
            guard answer.status == "OK" || answer.status == "DELAYED" else {
                throw HistoryError.provider(status: answer.status, message: answer.message)
            }
            var bars: [ProviderBar] = []
            if let results = answer.results {
                cursor.at = results
                bars = try cursor.massiveRows(symbol, length)
            }
            if answer.nextURL?.isEmpty == true { answer.nextURL = nil }
            return (bars, answer.nextURL)
        }
    }

    /// The body of `/api/v3/klines`: oldest first. The last bar may still be open.
    public static func binanceKlines(
        _ body: [UInt8], symbol: Symbol
    ) throws(HistoryError) -> [ProviderBar] {
        try reading(body) { cursor throws(HistoryError) in
            if cursor.current == UInt8(ascii: "{") {
                cursor.at += 1
                let answer = cursor.fields(BinanceAnswerFields.self)
                try cursor.throwFault()
                throw answer.historyError
            }
            guard cursor.current == UInt8(ascii: "[") else { throw cursor.shapeError }
            var bars: [ProviderBar] = []
            guard cursor.opens(closing: UInt8(ascii: "]")) else { return bars }
            repeat {
                cursor.skipSpace()
                bars.append(try cursor.kline(symbol))
            } while cursor.continues(until: UInt8(ascii: "]"))
            try cursor.throwFault()
            return bars
        }
    }

    private static func reading<Result>(
        _ body: [UInt8], _ read: (inout JSONCursor) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        guard !body.isEmpty else { throw HistoryError.malformed(field: "", byteOffset: 0) }
        let result = body.withUnsafeBytes { buffer -> Swift.Result<Result, HistoryError> in
            var cursor = JSONCursor(buffer, frame: 0..<body.count, speculates: false)
            cursor.skipSpace()
            do throws(HistoryError) {
                return .success(try read(&cursor))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

private struct MassiveAnswerFields: ElementFields {
    static var type: FieldKey { "" }

    var status = ""
    var message = ""
    /// Where the list of rows begins.
    var results: Int?
    var nextURL: String?

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "status": status = cursor.unescapedText() ?? status
        case "error", "message": message = cursor.unescapedText() ?? message
        case "next_url": nextURL = cursor.unescapedText() ?? nextURL
        case "results" where cursor.current == UInt8(ascii: "["):
            results = cursor.at
            cursor.skipValue()
        default: cursor.skipValue()
        }
    }
}

/// One row of aggregates: as a bar of the stream, but `t` is the start, and `n` counts trades.
private struct MassiveRowFields: ElementFields {
    static var type: FieldKey { "" }

    var prices: [Int64] = [0, 0, 0, 0]
    var wholeVolume: Int64?
    var volume: Int64?
    var vwap: Int64?
    var tradeCount: Int64?
    var start: Timestamp?

    init() {}

    mutating func take(_ key: UInt64, from cursor: inout JSONCursor) {
        switch key {
        case "o": prices[0] = cursor.decimal(places: Price.decimalPlaces) ?? prices[0]
        case "h": prices[1] = cursor.decimal(places: Price.decimalPlaces) ?? prices[1]
        case "l": prices[2] = cursor.decimal(places: Price.decimalPlaces) ?? prices[2]
        case "c": prices[3] = cursor.decimal(places: Price.decimalPlaces) ?? prices[3]
        case "v": wholeVolume = cursor.decimal(places: Size.decimalPlaces) ?? wholeVolume
        case "dv": volume = cursor.quotedDecimal(places: Size.decimalPlaces) ?? volume
        case "vw": vwap = cursor.roundedDecimal(places: Price.decimalPlaces) ?? vwap
        case "n": tradeCount = cursor.integer() ?? tradeCount
        case "t": start = cursor.timestamp(.milliseconds) ?? start
        default: cursor.skipValue()
        }
    }
}

extension BinanceAnswerFields {
    fileprivate var historyError: HistoryError {
        guard case .refused(let code, let message, _) = controlMessage else {
            return .malformed(field: "", byteOffset: 0)
        }
        return .provider(status: String(code), message: message)
    }
}

extension JSONCursor {
    fileprivate var shapeError: HistoryError {
        .malformed(field: FieldKey.name(fault?.key ?? key), byteOffset: min(at, end))
    }

    fileprivate func throwFault() throws(HistoryError) {
        if fault != nil { throw shapeError }
    }

    fileprivate mutating func massiveRows(
        _ symbol: Symbol, _ length: BarInterval
    ) throws(HistoryError) -> [ProviderBar] {
        var bars: [ProviderBar] = []
        guard opens(closing: UInt8(ascii: "]")) else { return bars }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "{") else { throw shapeError }
            at += 1
            let row = fields(MassiveRowFields.self)
            try throwFault()
            let volume = row.volume ?? row.wholeVolume
            guard let start = row.start, let volume, volume >= 0,
                row.prices.allSatisfy({ $0 > 0 })
            else { throw shapeError }
            bars.append(
                ProviderBar(
                    symbol: symbol, start: start,
                    end: start.advanced(by: .seconds(length.rawValue)),
                    open: Price(units: row.prices[0]), high: Price(units: row.prices[1]),
                    low: Price(units: row.prices[2]), close: Price(units: row.prices[3]),
                    volume: Size(units: volume), vwap: row.vwap.map { Price(units: $0) },
                    tradeCount: row.tradeCount.map { Int32(clamping: $0) }))
        } while continues(until: UInt8(ascii: "]"))
        try throwFault()
        return bars
    }

    /// `[start, "open", "high", "low", "close", "volume", end, "quote volume", trades, ...]`; the
    /// end is the last moment inside, so the bar ends one unit later.
    fileprivate mutating func kline(_ symbol: Symbol) throws(HistoryError) -> ProviderBar {
        guard current == UInt8(ascii: "["), opens(closing: UInt8(ascii: "]")) else {
            throw shapeError
        }
        var numbers = [Int64](repeating: -1, count: 9)
        var column = 0
        repeat {
            skipSpace()
            switch column {
            case 0, 6, 8: numbers[column] = integer() ?? -1
            case 1...4: numbers[column] = quotedDecimal(places: Price.decimalPlaces) ?? -1
            case 5: numbers[column] = quotedDecimal(places: Size.decimalPlaces) ?? -1
            default: skipValue()
            }
            column += 1
        } while continues(until: UInt8(ascii: "]"))
        try throwFault()
        guard let start = TimeUnit.byMagnitude.timestamp(numbers[0]),
            let end = TimeUnit.byMagnitude.timestamp(numbers[6] + 1), end > start,
            numbers[1...4].allSatisfy({ $0 > 0 }), numbers[5] >= 0
        else { throw shapeError }
        return ProviderBar(
            symbol: symbol, start: start, end: end, open: Price(units: numbers[1]),
            high: Price(units: numbers[2]), low: Price(units: numbers[3]),
            close: Price(units: numbers[4]), volume: Size(units: numbers[5]),
            tradeCount: numbers[8] >= 0 ? Int32(clamping: numbers[8]) : nil)
    }
}
