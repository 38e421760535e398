import Analytics
import MarketModel

extension EngineState {
    /// Lets the ticker's isolation forest judge an applied trade that may set the price, and learn
    /// from it. A trade whose vector is incomplete does neither.
    @inline(never)
    mutating func judge(
        _ trade: Trade, of ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        guard let features = ticker.pointee.windows.forestFeatures(size: trade.size) else { return }
        let time = ticker.pointee.time
        ticker.pointee.forestActivity.note(at: time)
        if ticker.pointee.forestPlace < 0 { takePlace(ticker) }
        guard ticker.pointee.forestPlace >= 0 else { return }
        let forest = forestPlaces.forests.pointer(at: Int(ticker.pointee.forestPlace))
        let verdict = forest.pointee.judge(features, at: time)
        if verdict.isHit {
            record(
                forest.pointee.hit(verdict, features), on: ticker, position: position,
                into: &effects)
        }
        forestWitness?(ticker.pointee.number, trade, features, verdict)
        forest.pointee.learn(
            features, at: time, settings: settings.forest, on: forestPlaces.bench)
        ticker.pointee.modelVersion = forest.pointee.training
    }

    /// Gives the ticker a forest while there is room, or the place of the least active one when
    /// that has had less than half as many vectors lately.
    private mutating func takePlace(_ ticker: UnsafeMutablePointer<TickerState>) {
        let number = Int32(ticker.pointee.number)
        if forestPlaces.count < settings.forest.tickersMax {
            ticker.pointee.forestPlace = Int32(forestPlaces.count)
            forestPlaces.holders.append(number)
            forestPlaces.forests.append(
                TickerForest(symbol: ticker.pointee.symbol, memory: forestPlaces.memory))
            return
        }
        guard ticker.pointee.forestActivity.isTimeToAsk, let place = leastActivePlace(at: ticker)
        else { return }
        let loser = tickers.pointer(at: Int(forestPlaces.holders[place]))
        let time = ticker.pointee.time
        let (mine, theirs) = (
            ticker.pointee.forestActivity.vectors(at: time),
            loser.pointee.forestActivity.vectors(at: time)
        )
        guard mine > 2 * theirs else { return }
        loser.pointee.forestPlace = -1
        loser.pointee.modelVersion = 0
        loser.pointee.isShown = false
        ticker.pointee.forestPlace = Int32(place)
        forestPlaces.holders[place] = number
        forestPlaces.forests.pointer(at: place).pointee = TickerForest(
            symbol: ticker.pointee.symbol, memory: forestPlaces.memory)
    }

    /// Of equally active ones the first.
    private func leastActivePlace(at ticker: UnsafeMutablePointer<TickerState>) -> Int? {
        var found: (place: Int, vectors: Int64)?
        for (place, holder) in forestPlaces.holders.enumerated() {
            let vectors = tickers.pointer(at: Int(holder)).pointee.forestActivity
                .vectors(at: ticker.pointee.time)
            if found.map({ vectors < $0.vectors }) ?? true { found = (place, vectors) }
        }
        return found?.place
    }

    /// New settings hold from the next training on. With fewer places than forests, or none at all,
    /// every forest begins anew.
    mutating func useForestSettings() {
        guard !settings.forest.isOn || forestPlaces.count > settings.forest.tickersMax else {
            return
        }
        for holder in forestPlaces.holders {
            let ticker = tickers.pointer(at: Int(holder))
            ticker.pointee.forestPlace = -1
            ticker.pointee.modelVersion = 0
        }
        forestPlaces.removeAll()
    }

    /// What readers may know of a ticker's forest; `nil` when forests are off.
    func modelStatus(of ticker: UnsafeMutablePointer<TickerState>) -> ModelStatus? {
        guard settings.forest.isOn else { return nil }
        var status = ModelStatus()
        guard ticker.pointee.forestPlace >= 0 else { return status }
        let forest = forestPlaces.forests.pointer(at: Int(ticker.pointee.forestPlace))
        status.vectorCount = forest.pointee.vectorCount
        guard forest.pointee.training > 0 else { return status }
        status.version = forest.pointee.training
        status.trainedAt = forest.pointee.trainedAt
        status.treeCount = forest.pointee.treeCount
        status.threshold = forest.pointee.threshold
        status.lastScore = forest.pointee.lastScore
        status.scoredCount = forest.pointee.scoredCount
        status.flaggedCount = forest.pointee.flaggedCount
        status.hitCount = forest.pointee.hitCount
        return status
    }
}

extension EngineState {
    func encodeForests(into writer: inout StateWriter) {
        writer.write(Int64(forestPlaces.count))
        for (place, holder) in forestPlaces.holders.enumerated() {
            writer.write(holder)
            forestPlaces.forests.pointer(at: place).pointee.encode(into: &writer)
        }
    }

    mutating func readForests(_ reader: inout StateReader) throws(StateCodecError) {
        for place in 0..<(try reader.readCount("forests")) {
            let holder: Int32 = try reader.read()
            guard holder >= 0, holder < tickers.count else {
                throw StateCodecError.malformed(field: "forest", byteOffset: reader.offset)
            }
            let ticker = tickers.pointer(at: Int(holder))
            let forest = try TickerForest.decoded(
                from: &reader, symbol: ticker.pointee.symbol, memory: forestPlaces.memory,
                on: forestPlaces.bench)
            ticker.pointee.forestPlace = Int32(place)
            ticker.pointee.modelVersion = forest.training
            forestPlaces.holders.append(holder)
            forestPlaces.forests.append(forest)
        }
    }
}
