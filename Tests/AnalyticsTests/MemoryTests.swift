import MarketModel
import TestSupport
import Testing

@testable import Analytics

@Suite struct `What the windows keep their seconds in` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a set of ages counts and grows older as one written out`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var mask = AgeMask()
        var ages: Set<Int> = []
        for _ in 0..<2000 {
            if Int.random(in: 0..<3, using: &random) == 0 {
                let elapsed = [1, 1, 2, 7, 63, 64, 65, 200, 299, 300].randomElement(using: &random)
                mask.age(by: elapsed ?? 1)
                ages = Set(ages.map { $0 + (elapsed ?? 1) }.filter { $0 < 300 })
            } else {
                let age = Int.random(in: 0..<300, using: &random)
                mask.insert(age)
                ages.insert(age)
            }
            let below = Int.random(in: 0...300, using: &random)
            let from = Int.random(in: 0...299, using: &random)
            let count = Int.random(in: 1...min(63, 300 - from), using: &random)
            #expect(mask.count(below: below) == ages.count { $0 < below })
            #expect(mask.count(from: from) == ages.count { $0 >= from })
            #expect(mask[from] == ages.contains(from))
            let bits = (0..<count).reduce(UInt64(0)) {
                $0 | (ages.contains(from + $1) ? 1 << UInt64($1) : 0)
            }
            #expect(mask.bits(from: from, count: count) == bits)
        }
    }

    /// A slot as a test writes it down.
    private struct Written {
        var age: Int
        var totals: SlotTotals
        var second: ClosedSecond
    }

    private func totals(_ random: inout SeededRandom) -> SlotTotals {
        var totals = SlotTotals()
        let isHuge = Int.random(in: 0..<40, using: &random) == 0
        totals.volume = Int128(Int64.random(in: 0...1_000_000, using: &random))
        totals.notional = totals.volume * 1_000_000_000
        totals.priceSum = Int128(Int64.random(in: 0...1_000_000, using: &random))
        totals.priceCount = 1
        if isHuge { totals.volume <<= 60 }
        return totals
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `a ring of seconds gives back what was put in, whatever its size`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let quiet = Int.random(in: 1...6, using: &random)
        var ring = SlotRing(memory: MarketMemory())
        var written: [Written] = []
        for step in 0..<3000 {
            if Int.random(in: 0..<quiet, using: &random) == 0 {
                var second = ClosedSecond()
                second.price = Int64(step)
                let sums = totals(&random)
                ring.push(sums, second)
                written.insert(Written(age: 0, totals: sums, second: second), at: 0)
            }
            let elapsed = Int.random(in: 0..<200, using: &random) == 0 ? 90 : 1
            let leaving = written.count { $0.age + elapsed >= SlotRing.span }
            ring.turn(by: elapsed, leaving: leaving)
            written.removeLast(leaving)
            for index in written.indices { written[index].age += elapsed }
            if Int.random(in: 0..<4, using: &random) == 0 {
                let age = Int.random(in: 1...60, using: &random)
                let sums = totals(&random)
                let rank = ring.add(sums, age: age)
                if rank < written.count, written[rank].age == age {
                    written[rank].totals += sums
                } else {
                    written.insert(
                        Written(age: age, totals: sums, second: .empty), at: rank)
                }
            }
            #expect(ring.count == written.count)
            for (rank, slot) in written.enumerated() {
                #expect(ring.ages[slot.age])
                #expect(ring.totals(rank) == slot.totals)
                if slot.age < SlotRing.minute {
                    #expect(ring.second(rank).price == slot.second.price)
                }
            }
            let from = written.count / 2
            let count = min(10, written.count - from)
            #expect(
                ring.volume(from: from, count: count)
                    == written[from..<from + count].reduce(0) { $0 + $1.totals.volume })
        }
    }

    @Test func `what is given back is handed out in parts, none of it twice`() {
        var random = SeededRandom(seed: 5)
        let memory = MarketMemory()
        var held: [(block: UnsafeMutableRawPointer, bytes: Int, mark: UInt8)] = []
        for step in 0..<20_000 {
            if held.count > 200 || (step % 3 == 0 && !held.isEmpty) {
                let (block, bytes, mark) = held.remove(
                    at: Int.random(in: 0..<held.count, using: &random))
                let bytesHeld = UnsafeRawBufferPointer(start: block, count: bytes)
                #expect(bytesHeld.allSatisfy { $0 == mark })
                memory.giveBack(block, bytes)
            } else {
                let bytes = Int.random(in: 1...5000, using: &random)
                let mark = UInt8(truncatingIfNeeded: step)
                let block = memory.take(bytes)
                block.initializeMemory(as: UInt8.self, repeating: mark, count: bytes)
                held.append((block, bytes, mark))
            }
        }
        // 200 blocks of 5 000 bytes at most.
        #expect(memory.byteCount <= 4 << 20)
    }

    @Test func `memory is handed out by whole lines, and again once it is given back`() {
        let memory = MarketMemory()
        var blocks: [(start: UInt, bytes: Int)] = []
        for bytes in [1, 64, 65, 1000, 3392, 11_072, 200_000, 5 << 20] {
            for _ in 0..<20 {
                let block = memory.take(bytes)
                block.initializeMemory(as: UInt8.self, repeating: 0xAB, count: bytes)
                blocks.append((UInt(bitPattern: block), bytes))
            }
        }
        blocks.sort { $0.start < $1.start }
        for (one, next) in zip(blocks, blocks.dropFirst()) {
            #expect(one.start % UInt(MarketMemory.lineBytes) == 0)
            #expect(one.start + UInt(one.bytes) <= next.start)
        }
        let block = memory.take(500)
        let bytesBefore = memory.byteCount
        memory.giveBack(block, 500)
        #expect(memory.take(500) == block)
        #expect(memory.byteCount == bytesBefore)
        // What is too large to be handed out in parts goes back to the system.
        for large in blocks where large.bytes >= 200_000 {
            guard let start = UnsafeMutableRawPointer(bitPattern: large.start) else { continue }
            memory.giveBack(start, large.bytes)
        }
        #expect(memory.byteCount < 2 << 20)
    }
}
