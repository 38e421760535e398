import MarketModel

/// The isolation forest of one ticker, what it is grown from, and how it reads the trades.
///
/// Each eligible trade with a complete vector is judged, then learned from.
public struct TickerForest: ~Copyable {
    /// What a forest says of one trade.
    public struct Verdict: Equatable, BitwiseCopyable, Sendable {
        /// False while there is no forest yet.
        public var isScored = false
        /// Below the calibrated percentile of the training rows, and below the settings' own limit.
        public var isFlagged = false
        /// Flagged, and far from the usual: the third such of the last ten, or alone below every
        /// training row.
        public var isHit = false
        /// The lengths of its paths; of an ordinary trade only a bound.
        var pathSum: Int32 = 0
    }

    private static let recentCount = 10
    private static let recentMin = 3

    let symbol: Symbol
    private let memory: MarketMemory
    private var sample: TrainingSample
    /// Without trees before the first training.
    private var forest: IsolationForest
    /// What the forest was grown from, so that a copy of the state can grow it again.
    private var rows: FeatureRows
    /// Trainings so far.
    public private(set) var training: Int64 = 0
    public private(set) var trainedAt = Timestamp.distantPast
    private var sinceTraining = 0
    private var samples = 0
    private var level = FlagLevel()
    /// A flagged trade is far from the usual from this many deviations on.
    private var farFrom: Float = 0
    /// A path sum below this is a hit without company.
    private var aloneBelow: Int32 = 0
    /// Which of the last ten trades were flagged and far, the newest in the lowest bit.
    private var recent: UInt16 = 0
    /// Trades before this moment are set aside while hits go on.
    private var asideUntil = Timestamp.distantPast
    private var lastHitAt = Timestamp.distantPast
    private var setAsideNanoseconds: Int64 = 0
    /// Complete vectors that were not learned from.
    private var asideCount: Int64 = 0
    private var last: ForestFeatures?
    public private(set) var scoredCount: Int64 = 0
    public private(set) var flaggedCount: Int64 = 0
    public private(set) var hitCount: Int64 = 0

    public init(symbol: Symbol, memory: MarketMemory = MarketMemory()) {
        self.symbol = symbol
        self.memory = memory
        sample = TrainingSample(memory: memory)
        forest = IsolationForest(treeCount: 0, memory: memory)
        rows = FeatureRows(capacity: 0, memory: memory)
    }

    /// Complete vectors so far, 1000 of which begin the first training.
    public var vectorCount: Int64 { sample.taken + asideCount }
    /// Scores below this are flagged.
    public var threshold: Double {
        training > 0 ? forest.score(pathSum: level.flaggedBelow) : 0
    }
    public var treeCount: Int { forest.treeCount }

    /// Of the newest judged trade, by the forest now in force.
    public var lastScore: Double? {
        guard training > 0, let last else { return nil }
        return forest.score(last)
    }

    /// By the forest now in force; there must be one.
    public func score(_ features: ForestFeatures) -> Double { forest.score(features) }

    /// `time` is the ticker's engine time and never falls.
    @inline(__always)
    public mutating func judge(_ features: ForestFeatures, at time: Timestamp) -> Verdict {
        var verdict = Verdict()
        guard training > 0 else { return verdict }
        verdict.isScored = true
        let limit = level.flaggedBelow
        verdict.pathSum = forest.pathSum(forest.keys(features), whileBelow: limit)
        verdict.isFlagged = verdict.pathSum < limit
        scoredCount &+= 1
        last = features
        recent = (recent &<< 1) & ((1 << UInt16(TickerForest.recentCount)) - 1)
        if verdict.isFlagged { weigh(&verdict, features, at: time) }
        if !isSetAside(time) { level.note(isFlagged: verdict.isFlagged) }
        return verdict
    }

    /// Whether a flagged trade is a hit.
    private mutating func weigh(
        _ verdict: inout Verdict, _ features: ForestFeatures, at time: Timestamp
    ) {
        flaggedCount &+= 1
        guard forest.farthestDeviation(features) >= farFrom else { return }
        recent |= 1
        verdict.isHit =
            verdict.pathSum < aloneBelow || recent.nonzeroBitCount >= TickerForest.recentMin
        guard verdict.isHit else { return }
        hitCount &+= 1
        if time.nanosecondsSince(lastHitAt) > TickerForest.quietNanoseconds {
            asideUntil = time.advanced(byNanoseconds: setAsideNanoseconds)
        }
        lastHitAt = time
    }

    /// What an episode has called strange is no example of the usual: for a while from its first
    /// hit on, and until a minute after the last.
    @inline(__always)
    private func isSetAside(_ time: Timestamp) -> Bool {
        time < asideUntil && time.nanosecondsSince(lastHitAt) <= TickerForest.quietNanoseconds
    }

    /// As an episode closes.
    private static let quietNanoseconds: Int64 = 60_000_000_000

    /// The figures of a hit, asked right after the verdict.
    public func hit(_ verdict: Verdict, _ features: ForestFeatures) -> RuleHit {
        let score = forest.score(pathSum: verdict.pathSum)
        var hit = RuleHit(
            kind: .isolationForest, severity: score < TickerForest.highBelow ? .high : .medium,
            score: score, threshold: threshold, amount: 0, reference: 0, count: training)
        hit.deviations = FeatureDeviations(
            values: features.values, usual: SIMD8<Float>(forest.mean),
            deviations: forest.standardised(features))
        return hit
    }

    private static let highBelow = -0.7

    /// Takes the vector into the training sample, and grows the forest anew when it is time: after
    /// `judge`, of the same vector and time.
    @inline(__always)
    public mutating func learn(
        _ features: ForestFeatures, at time: Timestamp, settings: ForestSettings,
        on bench: borrowing ForestWorkbench
    ) {
        guard !isSetAside(time) else {
            asideCount &+= 1
            return
        }
        sample.take(features, at: time)
        sinceTraining &+= 1
        let due = training == 0 ? ForestSettings.rowsCount : settings.trainEvery
        guard sinceTraining >= due else { return }
        train(at: time, settings: settings, on: bench)
    }

    @inline(never)
    private mutating func train(
        at time: Timestamp, settings: ForestSettings, on bench: borrowing ForestWorkbench
    ) {
        guard
            training == 0
                || time.nanosecondsSince(trainedAt) >= settings.nanosecondsBetween
        else { return }
        if training == 0 {
            rows = FeatureRows(capacity: ForestSettings.rowsCount, memory: memory)
        }
        if treeCount != settings.trees {
            forest = IsolationForest(treeCount: settings.trees, memory: memory)
        }
        sample.select(into: rows, at: time)
        training += 1
        trainedAt = time
        sinceTraining = 0
        samples = settings.samples
        grow(on: bench)
        let scores = forest.scoreRows(
            ForestSettings.rowsCount, percentile: settings.contamination, on: bench)
        level.begin(
            percentile: forest.pathSum(atScore: scores.percentile),
            cap: forest.pathSum(atScore: settings.scoreMax), halving: forest.stepsOfHalving,
            settings: settings)
        farFrom = Float(settings.hitDeviations)
        aloneBelow = scores.least
        // Who has seen less than this cannot tell a storm from the usual, and has to learn.
        let canTell = sample.span(at: time) >= settings.setAsideNanoseconds
        setAsideNanoseconds = canTell ? settings.setAsideNanoseconds : 0
    }

    private mutating func grow(on bench: borrowing ForestWorkbench) {
        forest.grow(
            from: rows, count: ForestSettings.rowsCount, samples: samples,
            random: ForestRandom(symbol: symbol, training: training), on: bench)
    }
}

extension TickerForest {
    /// The trees are left out: they are grown again from the same rows.
    public func encode(into writer: inout StateWriter) {
        sample.encode(into: &writer)
        writer.write(training)
        guard training > 0 else {
            writer.write(Int64(sinceTraining))
            return
        }
        writer.write(Int64(treeCount))
        for row in 0..<ForestSettings.rowsCount { rows.encode(row: row, into: &writer) }
        writer.write(trainedAt)
        writer.write(Int64(sinceTraining))
        writer.write(Int64(samples))
        level.encode(into: &writer)
        writer.write(farFrom.bitPattern)
        writer.write(aloneBelow)
        writer.write(recent)
        writer.write(asideUntil)
        writer.write(lastHitAt)
        writer.write(setAsideNanoseconds)
        writer.write(asideCount)
        writer.writeOptional(last) { writer, last in
            for feature in 0..<ForestFeatures.count {
                writer.write(last.values[feature].bitPattern)
            }
        }
        writer.write(scoredCount)
        writer.write(flaggedCount)
        writer.write(hitCount)
    }

    public static func decoded(
        from reader: inout StateReader, symbol: Symbol, memory: MarketMemory,
        on bench: borrowing ForestWorkbench
    ) throws(StateCodecError) -> TickerForest {
        var forest = TickerForest(symbol: symbol, memory: memory)
        forest.sample = try TrainingSample.decoded(from: &reader, memory: memory)
        forest.training = try reader.read()
        guard forest.training != 0 else {
            forest.sinceTraining = Int(truncatingIfNeeded: try reader.read(Int64.self))
            return forest
        }
        try forest.decodeTrained(from: &reader)
        forest.grow(on: bench)
        return forest
    }

    private mutating func decodeTrained(from reader: inout StateReader) throws(StateCodecError) {
        let trees: Int64 = try reader.read()
        guard ForestSettings.treesRange.contains(Int(trees)) else {
            throw StateCodecError.malformed(field: "trees", byteOffset: reader.offset)
        }
        forest = IsolationForest(treeCount: Int(trees), memory: memory)
        rows = FeatureRows(capacity: ForestSettings.rowsCount, memory: memory)
        for row in 0..<ForestSettings.rowsCount { try rows.decode(row: row, from: &reader) }
        trainedAt = try reader.readTimestamp()
        sinceTraining = Int(truncatingIfNeeded: try reader.read(Int64.self))
        samples = Int(truncatingIfNeeded: try reader.read(Int64.self))
        guard ForestSettings.samplesRange.contains(samples) else {
            throw StateCodecError.malformed(field: "samples", byteOffset: reader.offset)
        }
        level = try FlagLevel(from: &reader)
        farFrom = Float(bitPattern: try reader.read())
        aloneBelow = try reader.read()
        recent = try reader.read()
        asideUntil = try reader.readTimestamp()
        lastHitAt = try reader.readTimestamp()
        setAsideNanoseconds = try reader.read()
        asideCount = try reader.read()
        last = try reader.readOptional { reader throws(StateCodecError) in
            var values = SIMD8<Float>.zero
            for feature in 0..<ForestFeatures.count {
                values[feature] = Float(bitPattern: try reader.read())
            }
            return ForestFeatures(values)
        }
        scoredCount = try reader.read()
        flaggedCount = try reader.read()
        hitCount = try reader.read()
    }
}
