import Foundation
import MarketModel
import Synchronization
import Testing

@Suite("A queue that waits when it is full")
struct WaitingQueueTests {
    @Test func `what goes in comes out in order`() {
        let queue = WaitingQueue<Int>(weightMax: 10)
        for number in 1...3 { #expect(queue.push(number, weight: 1)) }
        #expect(queue.count == 3)
        #expect(queue.weight == 3)
        #expect((1...3).map { _ in queue.pop(wait: .zero) } == [1, 2, 3])
        #expect(queue.weight == 0)
        #expect(queue.pop(wait: .milliseconds(1)) == nil)
    }

    @Test func `one element heavier than the limit is let in when the queue is empty`() {
        let queue = WaitingQueue<Int>(weightMax: 10)
        #expect(queue.push(1, weight: 1000))
        #expect(queue.weight == 1000)
        #expect(queue.waitCount == 0)
    }

    @Test func `a closed queue takes nothing in and gives what it holds`() {
        let queue = WaitingQueue<Int>(weightMax: 10)
        _ = queue.push(1, weight: 1)
        queue.close()
        #expect(!queue.push(2, weight: 1))
        #expect(!queue.isFinished)
        #expect(queue.pop(wait: .seconds(60)) == 1)
        #expect(queue.pop(wait: .seconds(60)) == nil)
        #expect(queue.isFinished)
    }

    @Test func `the giver waits for room, and nothing is lost between two threads`() {
        let queue = WaitingQueue<Int>(weightMax: 4)
        let count = 20_000
        let giver = Thread {
            for number in 0..<count { _ = queue.push(number, weight: 1 + number % 3) }
            queue.close()
        }
        giver.start()
        var next = 0
        while !queue.isFinished {
            guard let number = queue.pop(wait: .seconds(10)) else { continue }
            #expect(number == next)
            next += 1
        }
        #expect(next == count)
        #expect(queue.waitCount > 0)
    }

    @Test func `closing wakes a giver that waits`() {
        let queue = WaitingQueue<Int>(weightMax: 1)
        _ = queue.push(1, weight: 1)
        let refused = DispatchSemaphore(value: 0)
        let giver = Thread {
            if !queue.push(2, weight: 1) { refused.signal() }
        }
        giver.start()
        while queue.waitCount == 0 { SystemClock.sleepThread(.milliseconds(1)) }
        queue.close()
        #expect(refused.wait(timeout: .now() + 10) == .success)
    }
}
