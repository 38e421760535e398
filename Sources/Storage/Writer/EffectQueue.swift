import MarketModel

/// Something to do on the writer's thread between two commits.
struct WriterErrand {
    /// Refused with an error while the store fails, rather than made to wait until it no longer
    /// does.
    var isRefusedWhileFailing: Bool
    var perform: (StoreConnection) -> Void
    var refuse: (StorageError) -> Void
}

/// What waits for the writer, in order. Guarded by the writer's lock.
struct EffectQueue {
    /// What the writer takes at once.
    enum Work {
        case commit([EffectBatch])
        case errand(WriterErrand)
    }

    fileprivate enum Item {
        case effects(EffectBatch, enqueuedAt: Int64)
        case errand(WriterErrand)
    }

    private var items: [Item] = []
    private var errandCount = 0
    /// Not stored yet: waiting, or in the commit under way.
    private(set) var events = 0
    private(set) var bytes = 0

    var isEmpty: Bool { items.isEmpty }

    mutating func append(_ effects: EffectBatch, at monotonicNanoseconds: Int64) {
        events += effects.weight
        bytes += effects.byteCount
        items.append(.effects(effects, enqueuedAt: monotonicNanoseconds))
    }

    mutating func append(_ errand: WriterErrand) {
        errandCount += 1
        items.append(.errand(errand))
    }

    /// When the first item must be taken, at the latest; `nil` when there is none.
    func dueAt(_ settings: WriterSettings) -> Int64? {
        guard let first = items.first else { return nil }
        guard case .effects(_, let enqueuedAt) = first, errandCount == 0,
            events < settings.groupEvents
        else { return .min }
        return enqueuedAt + settings.lingerMilliseconds * 1_000_000
    }

    /// The first errand, or all batches before the next errand, up to the bound.
    mutating func take(_ settings: WriterSettings) -> Work {
        if case .errand(let errand) = items[0] {
            items.removeFirst()
            errandCount -= 1
            return .errand(errand)
        }
        var batches: [EffectBatch] = []
        var taken = 0
        for case .effects(let batch, _) in items.prefix(while: { $0.isEffects }) {
            if taken > 0, taken + batch.weight > settings.groupEventsMax { break }
            taken += batch.weight
            batches.append(batch)
        }
        items.removeFirst(batches.count)
        return .commit(batches)
    }

    mutating func stored(_ batches: [EffectBatch]) {
        for batch in batches {
            events -= batch.weight
            bytes -= batch.byteCount
        }
    }

    /// Takes out the errands that will not wait for a failing store.
    mutating func takeImpatient() -> [WriterErrand] {
        let impatient = items.compactMap(\.impatientErrand)
        items.removeAll { $0.impatientErrand != nil }
        errandCount -= impatient.count
        return impatient
    }

    mutating func takeErrands() -> [WriterErrand] {
        let errands = items.compactMap(\.anyErrand)
        items.removeAll { $0.anyErrand != nil }
        errandCount = 0
        return errands
    }
}

extension EffectQueue.Item {
    fileprivate var isEffects: Bool {
        if case .effects = self { true } else { false }
    }

    fileprivate var anyErrand: WriterErrand? {
        if case .errand(let errand) = self { errand } else { nil }
    }

    fileprivate var impatientErrand: WriterErrand? {
        anyErrand.flatMap { $0.isRefusedWhileFailing ? $0 : nil }
    }
}
