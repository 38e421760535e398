import MarketModel

/// What a forest is grown from: 1000 vectors at equal steps of count from those of the last ten
/// minutes, or the last 1000 while there are fewer, in room for at most 2048.
///
/// Vectors are numbered as they come; every `stride`-th is kept. The stride doubles when the room
/// is full, which drops every second one, and halves when ten minutes hold fewer than 1000 of those
/// kept. So of a ticker with a steady rate, each vector taken is less than one step of count before
/// the exact place; right after a fall of the rate older vectors stand for their neighbours.
struct TrainingSample: ~Copyable {
    static let capacityMax = 2048
    private static let capacityMin = 64
    private static let windowNanoseconds: Int64 = 600_000_000_000

    private var rows: FeatureRows
    /// Engine time at which each was kept, Unix nanoseconds.
    private var times: UnsafeMutablePointer<Int64>
    /// The low half of each one's number.
    private var numbers: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    private var head = 0
    private(set) var count = 0
    /// A power of two.
    private(set) var stride: UInt32 = 1
    /// Vectors so far: the next one's number.
    private(set) var taken: Int64 = 0

    private let memory: MarketMemory

    init(memory: MarketMemory = MarketMemory()) {
        self.init(capacity: TrainingSample.capacityMin, memory)
    }

    private init(capacity: Int, _ memory: MarketMemory) {
        self.capacity = capacity
        self.memory = memory
        rows = FeatureRows(capacity: capacity, memory: memory)
        times = memory.take(Int64.self, count: capacity)
        times.initialize(repeating: 0, count: capacity)
        numbers = memory.take(UInt32.self, count: capacity)
        numbers.initialize(repeating: 0, count: capacity)
    }

    deinit {
        memory.giveBack(times, count: capacity)
        memory.giveBack(numbers, count: capacity)
    }

    /// Counts a vector and keeps it when its turn has come. `time` never falls.
    @inline(__always)
    mutating func take(_ features: ForestFeatures, at time: Timestamp) {
        let number = UInt32(truncatingIfNeeded: taken)
        taken &+= 1
        guard number & (stride &- 1) == 0 else { return }
        keep(features, number: number, at: time)
    }

    private mutating func keep(_ features: ForestFeatures, number: UInt32, at time: Timestamp) {
        let edge = time.nanoseconds &- TrainingSample.windowNanoseconds
        while count >= ForestSettings.rowsCount, times[head] <= edge {
            head = slot(1)
            count -= 1
        }
        if count == capacity {
            if capacity < TrainingSample.capacityMax { grow() } else { thin() }
        }
        guard number & (stride &- 1) == 0 else { return }
        let place = slot(count)
        rows[place] = features
        times[place] = time.nanoseconds
        numbers[place] = number
        count += 1
        if stride > 1, count <= ForestSettings.rowsCount, times[head] <= edge { stride /= 2 }
    }

    @inline(__always)
    private func slot(_ index: Int) -> Int { (head &+ index) & (capacity &- 1) }

    private mutating func grow() {
        var larger = TrainingSample(capacity: capacity * 2, memory)
        for index in 0..<count {
            larger.rows[index] = rows[slot(index)]
            larger.times[index] = times[slot(index)]
            larger.numbers[index] = numbers[slot(index)]
        }
        larger.count = count
        larger.stride = stride
        larger.taken = taken
        self = larger
    }

    private mutating func thin() {
        stride *= 2
        var left = 0
        for index in 0..<count where numbers[slot(index)] & (stride - 1) == 0 {
            rows[slot(left)] = rows[slot(index)]
            times[slot(left)] = times[slot(index)]
            numbers[slot(left)] = numbers[slot(index)]
            left += 1
        }
        count = left
    }

    /// From the oldest vector kept to this moment, in nanoseconds; 0 without one.
    func span(at time: Timestamp) -> Int64 {
        count == 0 ? 0 : time.nanoseconds - times[head]
    }

    /// Writes the training rows, oldest first. There must be as many.
    func select(into chosen: borrowing FeatureRows, at time: Timestamp) {
        let wanted = ForestSettings.rowsCount
        precondition(count >= wanted)
        let edge = time.nanoseconds &- TrainingSample.windowNanoseconds
        var first = 0
        while count - first > wanted, times[slot(first)] <= edge { first += 1 }
        let oldest = numbers[slot(first)]
        let span = Int(UInt32(truncatingIfNeeded: taken) &- oldest)
        var index = first
        for row in 0..<wanted {
            let target = row * span / wanted
            while index + 1 < count, Int(numbers[slot(index + 1)] &- oldest) <= target {
                index += 1
            }
            chosen[row] = rows[slot(index)]
        }
    }
}

extension TrainingSample {
    func encode(into writer: inout StateWriter) {
        writer.write(taken)
        writer.write(stride)
        writer.write(Int64(count))
        for index in 0..<count {
            rows.encode(row: slot(index), into: &writer)
            writer.write(times[slot(index)])
            writer.write(numbers[slot(index)])
        }
    }

    static func decoded(
        from reader: inout StateReader, memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) -> TrainingSample {
        let taken: Int64 = try reader.read()
        let stride: UInt32 = try reader.read()
        let count: Int64 = try reader.read()
        guard taken >= count, count >= 0, count <= Int64(capacityMax), stride.nonzeroBitCount == 1
        else { throw StateCodecError.malformed(field: "sample", byteOffset: reader.offset) }
        var capacity = capacityMin
        while capacity < Int(count) { capacity *= 2 }
        var sample = TrainingSample(capacity: capacity, memory)
        sample.taken = taken
        sample.stride = stride
        sample.count = Int(count)
        for index in 0..<Int(count) {
            try sample.rows.decode(row: index, from: &reader)
            sample.times[index] = try reader.read()
            sample.numbers[index] = try reader.read()
        }
        return sample
    }
}
