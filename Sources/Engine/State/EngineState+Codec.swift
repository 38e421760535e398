import Analytics
import COpenSSL
import MarketModel

extension EngineState {
    /// Rises with every change of what the bytes mean: a copy of another version is not read.
    public static let encodingVersion: Int64 = 5

    /// The whole state as bytes. The same state always gives the same bytes.
    public func encoded() -> [UInt8] {
        var writer = StateWriter()
        writer.write(EngineState.encodingVersion)
        writer.write(settings)
        writer.write(position)
        writer.write(newestTime)
        writer.write(newestClock)
        writer.write(clockFloor)
        tallies.encode(into: &writer)
        articles.encode(into: &writer)
        retries.memory.encode(into: &writer)
        writer.write(Int64(closedEpisodes.count))
        for episode in closedEpisodes { episode.encode(into: &writer) }
        for moment in disconnectedAt {
            writer.writeOptional(moment) { writer, moment in writer.write(moment) }
        }
        outages.encode(into: &writer)
        writer.write(Int64(tickers.count))
        for number in 0..<tickers.count {
            let ticker = tickers.pointer(at: number)
            EngineState.catchUp(ticker, to: clockFloor, by: plan, settings.rules)
            ticker.pointee.encode(into: &writer)
        }
        encodeForests(into: &writer)
        return writer.bytes
    }

    /// SHA-256 of `encoded()`, in hex: equal exactly when the states are.
    public var stateHash: String { EngineState.hash(of: encoded()) }

    /// SHA-256 in hex.
    public static func hash(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(result == 1 && length == 32, "libcrypto cannot make a SHA-256")
        let hex = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads what `encoded` wrote. Effects of what comes before `committed` are left out from then
    /// on.
    public static func decoded(
        _ bytes: [UInt8], committed: LogPosition? = nil,
        scoreText: @escaping @Sendable (String, SentimentLexiconName) -> Sentiment? = { _, _ in nil
        }
    ) throws(StateCodecError) -> EngineState {
        var reader = StateReader(bytes)
        let version: Int64 = try reader.read()
        guard version == EngineState.encodingVersion else {
            throw StateCodecError.malformed(field: "version \(version)", byteOffset: 0)
        }
        var state = EngineState(
            settings: try reader.readSettings(), committed: committed,
            scoreText: scoreText)
        state.position = try reader.readPosition()
        state.isCatchingUp = committed.map { state.position < $0 } ?? false
        state.newestTime = try reader.readTimestamp()
        state.newestClock = try reader.readTimestamp()
        state.clockFloor = try reader.readTimestamp()
        state.tallies = try Tallies(from: &reader)
        state.articles = try ArticleShelf(from: &reader)
        state.retries.memory = try RetryMemory(from: &reader)
        for _ in 0..<(try reader.readCount("closed episodes")) {
            state.closedEpisodes.append(try Episode(from: &reader))
        }
        for index in state.disconnectedAt.indices {
            state.disconnectedAt[index] = try reader.readOptional {
                reader throws(StateCodecError) in try reader.readTimestamp()
            }
        }
        state.outages = try OutageMemory(from: &reader)
        // The settings may have become smaller than what was kept before them.
        state.symbols.symbolsMax = .max
        for _ in 0..<(try reader.readCount("tickers")) { try state.readTicker(&reader) }
        state.symbols.symbolsMax = state.settings.symbolsMax
        try state.readForests(&reader)
        guard reader.isAtEnd else {
            throw StateCodecError.malformed(field: "end", byteOffset: reader.offset)
        }
        return state
    }

    private mutating func readTicker(_ reader: inout StateReader) throws(StateCodecError) {
        let ticker = try TickerState.decoded(
            from: &reader, number: tickers.count, settings: settings, plan: indicatorPlan,
            tickers)
        guard symbols.number(of: ticker.symbol) == nil, symbols.intern(ticker.symbol) != nil else {
            throw StateCodecError.malformed(field: "ticker", byteOffset: reader.offset)
        }
        tickers.append(ticker)
        wakes.append(.distantPast)
    }
}

extension StateWriter {
    fileprivate mutating func write(_ settings: AnalyticsSettings) {
        do {
            write(try settings.json)
        } catch {
            preconditionFailure("settings that were read cannot be written: \(error)")
        }
    }
}

extension StateReader {
    fileprivate mutating func readSettings() throws(StateCodecError) -> AnalyticsSettings {
        let text = try readString()
        do {
            return try AnalyticsSettings(json: text)
        } catch {
            throw StateCodecError.malformed(field: "settings", byteOffset: offset)
        }
    }
}
