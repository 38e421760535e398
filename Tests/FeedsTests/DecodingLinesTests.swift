import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

/// Many lines at once are read faster than line by line; nobody may see a difference.
@Suite struct `Decoding lines together` {
    private let start: Int64 = 1_767_286_799_000

    private func trade(_ number: Int64, _ fields: String = #","z":3"#) -> String {
        #"{"ev":"T","sym":"AAPL","i":"\#(number)","x":12,"p":231.44,"s":100,"#
            + #""t":\#(start + number * 300),"q":\#(number)\#(fields)}"#
    }

    private func quote(_ number: Int64) -> String {
        #"{"ev":"Q","sym":"BRK","bx":11,"bp":231.43,"bs":2,"ax":8,"ap":231.4501,"as":4,"c":1,"#
            + #""t":\#(start + number * 300),"q":\#(number),"z":3}"#
    }

    private func singly(_ bytes: [UInt8], _ position: LogPosition) -> EventBatch {
        var batch = EventBatch()
        batch.bytes = bytes
        var decoder = FrameFileDecoder()
        var line = 0
        while line < bytes.count {
            let end = bytes[line...].firstIndex(of: 10) ?? bytes.count
            var here = position
            here.offset += Int64(line)
            decoder.decode(line: line..<end, position: here, into: &batch)
            line = end + 1
        }
        return batch
    }

    /// In pieces of whole lines; `room` bytes follow the lines in the batch.
    private func together(
        _ bytes: [UInt8], _ position: LogPosition, cutAt cut: Int, room: Int
    ) -> EventBatch {
        var batch = EventBatch()
        batch.bytes = bytes + Array(repeating: UInt8(ascii: "1"), count: room)
        var decoder = FrameFileDecoder()
        for piece in [0..<cut, cut..<bytes.count] {
            var here = position
            here.offset += Int64(piece.lowerBound)
            decoder.decode(lines: piece, position: here, into: &batch)
        }
        return batch
    }

    private func trace(_ batch: EventBatch) -> [String] {
        batch.events.map { logged in
            let refusal =
                if case .refused(let index) = logged.event { "\(batch.refusals[Int(index)])" } else
                { "" }
            return "\(logged) \(refusal)"
        }
    }

    private func expectTheSame(_ lines: [String], endsWithLineFeed: Bool = true) {
        let text = lines.joined(separator: "\n") + (endsWithLineFeed ? "\n" : "")
        let bytes = Array(text.utf8)
        let position = LogPosition(epoch: 2, offset: 7_000)
        let expected = singly(bytes, position)
        let cuts = [0, bytes.count] + bytes.indices.filter { bytes[$0] == 10 }.map { $0 + 1 }
        for room in [0, 40, 4096] {
            for cut in cuts {
                let found = together(bytes, position, cutAt: cut, room: room)
                #expect(trace(found) == trace(expected), "cut at \(cut), \(room) bytes follow")
                #expect(found.checksEventTime == expected.checksEventTime)
            }
        }
    }

    @Test func `plain trades and quotes are the same, the last line ended or not`() {
        let lines = (1...30).map { $0 % 4 == 0 ? quote($0) : trade($0) }
        expectTheSame(lines)
        expectTheSame(lines, endsWithLineFeed: false)
    }

    @Test func `what is not plain among plain lines is the same`() {
        let odd = [
            "", "\r", trade(2) + "\r", "[\(trade(3)),\(quote(4))]", "broken", trade(5) + "}",
            trade(6) + trade(6), String(trade(7).dropLast()), trade(8, #","c":[12,37],"ds":"1.5""#),
            trade(9, #","q":9"#), " " + trade(10), trade(11).replacing("AAPL", with: "aapl"),
            trade(12).replacing("231.44", with: "0231.44"),
            trade(13).replacing("231.44", with: "23144e-2"),
            trade(14).replacing("231.44", with: "1234567.1234567"),
            trade(15).replacing("231.44", with: "12345678.5"),
            trade(16).replacing(#""s":100"#, with: #""s":12345678"#),
            trade(17).replacing(#""x":12"#, with: #""x":"#),
            trade(18).replacing("17672", with: "07672"), trade(19, #","q":1234567890123456"#),
            quote(20).replacing("231.43", with: "0"), quote(21).replacing("231.43", with: "-1"),
            #"{"ev":"status","status":"connected"}"#, #"{"ev":"T"}"#, #"{"ev":"T","#,
        ]
        for line in odd { expectTheSame([trade(1), line, trade(22), quote(23)]) }
        expectTheSame([trade(1)] + odd + [trade(24)], endsWithLineFeed: false)
    }

    @Test func `fields in any order are the same`() {
        let seed: UInt64 = 20260102
        var random = SeededRandom(seed: seed)
        for _ in 0..<40 {
            let lines = (1...6 as ClosedRange<Int64>).map { number in
                let line = number % 2 == 0 ? quote(number) : trade(number, #","c":[14,41]"#)
                // A comma within the conditions is no place to part the fields at.
                let fields = line.dropFirst(10).dropLast()
                    .replacing("14,41", with: "14;41").split(separator: ",")
                let mixed = fields.shuffled(using: &random).joined(separator: ",")
                return line.prefix(10) + mixed.replacing(";", with: ",") + "}"
            }
            expectTheSame(lines.map(String.init))
        }
    }
}
