import MarketModel

/// A run of feature rows, six numbers each and nothing between them.
struct FeatureRows: ~Copyable {
    let capacity: Int
    private let numbers: UnsafeMutablePointer<Float>
    private let memory: MarketMemory

    init(capacity: Int, memory: MarketMemory = MarketMemory()) {
        self.capacity = capacity
        self.memory = memory
        numbers = memory.take(Float.self, count: capacity * ForestFeatures.count)
        numbers.initialize(repeating: 0, count: capacity * ForestFeatures.count)
    }

    deinit { memory.giveBack(numbers, count: capacity * ForestFeatures.count) }

    subscript(row: Int) -> ForestFeatures {
        @inline(__always) get {
            let start = numbers + row * ForestFeatures.count
            return ForestFeatures(
                SIMD8(start[0], start[1], start[2], start[3], start[4], start[5], 0, 0))
        }
        @inline(__always) nonmutating set {
            let start = numbers + row * ForestFeatures.count
            for feature in 0..<ForestFeatures.count {
                start[feature] = newValue.values[feature]
            }
        }
    }

    func encode(row: Int, into writer: inout StateWriter) {
        let start = numbers + row * ForestFeatures.count
        for feature in 0..<ForestFeatures.count { writer.write(start[feature].bitPattern) }
    }

    func decode(row: Int, from reader: inout StateReader) throws(StateCodecError) {
        let start = numbers + row * ForestFeatures.count
        for feature in 0..<ForestFeatures.count {
            let value = Float(bitPattern: try reader.read())
            guard value.isFinite else {
                throw StateCodecError.malformed(field: "feature", byteOffset: reader.offset)
            }
            start[feature] = value
        }
    }
}
