/// A copy of a partition's state, put together from its pieces.
public struct CompleteState: Equatable, Sendable {
    public var copy: UInt64
    /// The log's next record after the state.
    public var next: Int64
    public var bytes: [UInt8]
}

/// Puts copies together from pieces that several owners may have written at the same time, and
/// keeps the one that reaches furthest.
///
/// A copy counts only once all its pieces are there, each with the checksum it was sent with.
public struct StateAssembly: Sendable {
    private struct Partial {
        var next: Int64
        var parts: Int
        var pieces: [Int: [UInt8]] = [:]
    }

    /// Copies under way that are kept at a time; the one heard of longest ago goes first.
    static let partialsMax = 4

    public private(set) var best: CompleteState?
    /// Of this build's layout.
    private let layout: String
    private var partials: [(copy: UInt64, partial: Partial)] = []

    public init(layout: String) { self.layout = layout }

    public mutating func take(_ chunk: StateChunk) {
        guard chunk.layout == layout, chunk.isWhole, chunk.next > (best?.next ?? -1) else { return }
        let index = place(of: chunk)
        guard partials[index].partial.parts == chunk.parts,
            partials[index].partial.next == chunk.next
        else { return }
        partials[index].partial.pieces[chunk.part] = chunk.bytes
        let partial = partials[index].partial
        guard partial.pieces.count == partial.parts else { return }
        best = CompleteState(
            copy: chunk.copy, next: chunk.next,
            bytes: (0..<partial.parts).flatMap { partial.pieces[$0] ?? [] })
        partials.removeAll { $0.partial.next <= chunk.next }
    }

    private mutating func place(of chunk: StateChunk) -> Int {
        if let index = partials.firstIndex(where: { $0.copy == chunk.copy }) {
            if index != partials.count - 1 { partials.append(partials.remove(at: index)) }
        } else {
            if partials.count == StateAssembly.partialsMax { partials.removeFirst() }
            partials.append((chunk.copy, Partial(next: chunk.next, parts: chunk.parts)))
        }
        return partials.count - 1
    }
}
