import Analytics
import MarketModel

/// What is remembered of the ids that each source has sent about one ticker. Nearly always there is
/// one source: its marks lie beside the ticker, those of others apart.
struct TickerMarks: ~Copyable {
    /// Room for the first source's, which whoever owns this gives; initialised when `count` > 0.
    private let first: UnsafeMutablePointer<SourceMarks>
    private(set) var count = 0
    /// Made when there is a second source.
    private var others: UnsafeMutablePointer<OwnedArray<SourceMarks>>?

    init(first: UnsafeMutablePointer<SourceMarks>) { self.first = first }

    deinit {
        if count > 0 { first.deinitialize(count: 1) }
        others?.deinitialize(count: 1)
        others?.deallocate()
    }

    mutating func append(_ marks: consuming SourceMarks) {
        if count == 0 {
            first.initialize(to: marks)
        } else {
            let others = others ?? makeRoomForOthers()
            others.pointee.append(marks)
        }
        count += 1
    }

    private mutating func makeRoomForOthers() -> UnsafeMutablePointer<OwnedArray<SourceMarks>> {
        let room = UnsafeMutablePointer<OwnedArray<SourceMarks>>.allocate(capacity: 1)
        room.initialize(to: OwnedArray())
        others = room
        return room
    }

    @inline(__always)
    func pointer(at index: Int) -> UnsafeMutablePointer<SourceMarks> {
        guard index > 0, let others else { return first }
        return others.pointee.pointer(at: index - 1)
    }

    /// The marks of a source, made at its first event.
    @inline(__always)
    mutating func of(
        _ source: FeedSource, _ memory: @autoclosure () -> MarketMemory
    ) -> UnsafeMutablePointer<SourceMarks> {
        if count > 0, first.pointee.source == source { return first }
        return find(source, memory())
    }

    @inline(never)
    private mutating func find(
        _ source: FeedSource, _ memory: MarketMemory
    ) -> UnsafeMutablePointer<SourceMarks> {
        for index in 0..<count where pointer(at: index).pointee.source == source {
            return pointer(at: index)
        }
        append(SourceMarks(source: source, memory: memory))
        return pointer(at: count - 1)
    }
}
