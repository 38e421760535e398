import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `A run of records` {
    private struct Sent {
        var kind = LogRecordKind.frame
        var source = FeedSource.massive
        var payload: String
    }

    private static let trade =
        #"{"ev":"T","sym":"AAPL","i":"12","x":4,"p":231.44,"s":100,"t":1767286799123,"q":9,"z":3}"#
    private static let quote =
        #"{"ev":"Q","sym":"AAPL","bx":11,"bp":231.43,"bs":2,"ax":8,"ap":231.45,"as":4,"c":1,"#
        + #""t":1767286799200,"q":10,"z":3}"#
    private static let all = [
        Sent(payload: trade), Sent(payload: quote), Sent(payload: "[\(trade),\(quote)]"),
        Sent(source: .demo, payload: trade), Sent(payload: String(trade.dropLast(3))),
        Sent(payload: ""), Sent(payload: "no JSON"),
        Sent(payload: #"{"ev":"XYZ","sym":"AAPL"}"#),
        Sent(kind: .clock, source: .ticktop, payload: ""),
        Sent(
            source: .binance,
            payload: #"{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}"#),
    ]

    /// With the decoders' traces, and the batch's bytes.
    private func read(_ records: [Sent], together: Bool) -> (trace: [String], bytes: [UInt8]) {
        var read = Decoded()
        read.batch.bytes = Array("bytes of before".utf8)
        var decoder = RecordDecoder()
        var run = RecordRun()
        for (number, sent) in records.enumerated() {
            Array(sent.payload.utf8).withUnsafeBytes {
                run.append(
                    kind: sent.kind, source: sent.source,
                    receivedAt: receivedAt.advanced(byNanoseconds: Int64(number)),
                    position: LogPosition(epoch: 3, offset: Int64(number)), payload: $0,
                    to: &read.batch)
            }
            if !together { run.decode(by: &decoder, into: &read.batch) }
        }
        run.decode(by: &decoder, into: &read.batch)
        let times = read.batch.events.map { "\($0.receivedAt) \($0.source)" }
        return (read.trace + times, read.batch.bytes)
    }

    @Test func `gives what each record gives by itself, in order`() {
        var random = SeededRandom(seed: 8)
        for count in 0..<60 {
            let records = (0..<count).map { _ in
                Self.all[Int.random(in: Self.all.indices, using: &random)]
            }
            let together = read(records, together: true)
            let singly = read(records, together: false)
            #expect(together.trace == singly.trace)
            #expect(together.bytes == singly.bytes)
        }
        #expect(read([Self.all[2]], together: true).trace.count == 4)
    }
}
