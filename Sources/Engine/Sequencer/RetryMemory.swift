import MarketModel

/// The events of dead letters that have passed when they were taken up again: none passes twice.
///
/// Whoever asks for a retry looks into the store first, where what passed longer ago is noted; this
/// catches what was asked twice before the store knew.
struct RetryMemory {
    static let rememberedMax = 16_384

    /// An event by its letter and its number in it.
    struct Identity: Hashable {
        var letter: LogPosition
        var number: Int32
    }

    private var known: Set<Identity> = []
    /// Oldest first, in a ring.
    private var order: [Identity] = []
    private var next = 0

    func contains(_ identity: Identity) -> Bool { known.contains(identity) }

    mutating func remember(_ identity: Identity) {
        guard known.insert(identity).inserted else { return }
        if order.count < RetryMemory.rememberedMax {
            order.append(identity)
        } else {
            known.remove(order[next])
            order[next] = identity
            next = (next + 1) % RetryMemory.rememberedMax
        }
    }
}

extension RetryMemory {
    func encode(into writer: inout StateWriter) {
        writer.write(Int64(order.count))
        for identity in order {
            writer.write(identity.letter)
            writer.write(identity.number)
        }
        writer.write(Int64(next))
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        for _ in 0..<(try reader.readCount("retried letters")) {
            let identity = Identity(
                letter: try reader.readPosition(), number: try reader.read())
            order.append(identity)
            known.insert(identity)
        }
        let place: Int64 = try reader.read()
        guard (0..<Int64(RetryMemory.rememberedMax)).contains(place) else {
            throw StateCodecError.malformed(field: "retry ring", byteOffset: reader.offset)
        }
        next = Int(place)
    }
}
