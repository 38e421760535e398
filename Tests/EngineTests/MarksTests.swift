import Analytics
import MarketModel
import TestSupport
import Testing

@testable import Engine

@Suite("What is remembered of ids")
struct MarksTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the bitmap tells seen from new as a set does, over the last 4 095 ids`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var mark = BitmapMark()
        var seen: Set<SequenceNumber> = []
        var newest: SequenceNumber = 1_000_000
        var lowest = newest
        for _ in 0..<20_000 {
            let roll = Int.random(in: 0..<100, using: &random)
            let jump: SequenceNumber =
                roll < 60
                ? 1
                : roll < 98
                    ? -.random(in: 0...5000, using: &random)
                    : .random(in: 2...6000, using: &random)
            let id = newest + jump
            let memory = mark.note(id)
            if seen.isEmpty {
                lowest = id
                newest = id
                #expect(memory == .new)
            } else if newest - id >= 4095 {
                #expect(memory == .forgotten, "id \(id), newest \(newest), seed \(seed)")
                continue
            } else if seen.contains(id) {
                #expect(memory == .seen, "id \(id), newest \(newest), seed \(seed)")
            } else {
                #expect(memory == (id < lowest ? .beforeFirst : .new), "id \(id), seed \(seed)")
            }
            seen.insert(id)
            newest = max(newest, id)
            lowest = min(lowest, id)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [0, 6_000, 18_000] as [SequenceNumber])
    func `the ring tells seen from new as a set does, over the 4 096 largest ids`(
        seed: UInt64, idsBelowTwoTo32: SequenceNumber
    ) {
        var random = SeededRandom(seed: seed)
        let room = MarketMemory()
        var mark = RingMark()
        // Ids are kept as halves until some have other high halves.
        var seen: [SequenceNumber] = [1 << 32 - idsBelowTwoTo32]
        _ = mark.note(seen[0], room)
        for step in 1..<12_000 {
            let isBack = step > 1 && Int.random(in: 0..<3, using: &random) == 0
            let id: SequenceNumber =
                isBack
                ? mark.newest - .random(in: 0...20_000, using: &random)
                : max(mark.newest, 0) + .random(in: 1...5, using: &random)
            let remembered = seen.suffix(4096)
            let memory = mark.note(id, room)
            let place = firstIndex(in: remembered, notBelow: id)
            if place < seen.count, seen[place] == id {
                #expect(memory == .seen, "id \(id), seed \(seed)")
            } else if place == remembered.startIndex, seen.count >= 4096 {
                let isFirstBelow = seen.count == 4096 && memory == .beforeFirst
                #expect(memory == .forgotten || isFirstBelow, "id \(id), seed \(seed)")
            } else {
                let isFirst = place == 0 && !seen.isEmpty
                #expect(memory == (isFirst ? .beforeFirst : .new), "id \(id), seed \(seed)")
                seen.insert(id, at: place)
            }
        }
        #expect(mark.count == 4096)
    }

    private func firstIndex(in ids: ArraySlice<SequenceNumber>, notBelow id: SequenceNumber) -> Int
    {
        var (low, high) = (ids.startIndex, ids.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @Test func `ids at the ends of their range do no harm`() {
        var bitmap = BitmapMark()
        let memory = MarketMemory()
        var ring = RingMark()
        for id in [0, .max, .min, .max, 1, .min, -1] as [SequenceNumber] {
            _ = bitmap.note(id)
            _ = ring.note(id, memory)
        }
        #expect(bitmap.note(.max) == .seen)
        #expect(ring.note(.min, memory) == .seen)
    }

    @Test func `marks survive being written and read`() throws {
        var bitmap = BitmapMark()
        let memory = MarketMemory()
        var ring = RingMark()
        for id in [5, 7, 6, 4200, 4100] as [SequenceNumber] {
            _ = bitmap.note(id)
            _ = ring.note(id, memory)
        }
        var writer = StateWriter()
        bitmap.encode(into: &writer)
        ring.encode(into: &writer)
        var reader = StateReader(writer.bytes)
        var bitmapRead = try BitmapMark(from: &reader)
        var ringRead = try RingMark(from: &reader, memory: memory)
        for id in [5, 6, 7, 8, 4100, 4101, 4200, 4201] as [SequenceNumber] {
            let (one, other) = (bitmap.note(id), bitmapRead.note(id))
            #expect(one == other, "id \(id)")
            let (left, right) = (ring.note(id, memory), ringRead.note(id, memory))
            #expect(left == right, "id \(id)")
        }
    }

    @Test func `symbols get dense numbers in the order of their coming, up to the limit`() {
        var table = SymbolTable(symbolsMax: 1000)
        for number in 0..<1000 {
            let symbol = Symbol("T\(number)") ?? "X"
            let given = table.intern(symbol)
            #expect(given == Int32(number))
        }
        let again = table.intern("T500")
        let beyond = table.intern("ZZZ")
        let unknown = table.number(of: "ZZZ")
        #expect(again == 500)
        #expect(beyond == nil)
        #expect(unknown == nil)
    }
}
