import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `Decoding of arbitrary bytes` {
    private let frames = [
        #"[{"ev":"T","sym":"AAPL","i":"90210","x":4,"p":231.4401,"s":37,"ds":"37.5","c":[12,37],"#
            + #""t":1767286799123,"q":771204,"z":3},{"ev":"Q","sym":"BRK.B","bx":11,"bp":231.43,"#
            + #""bs":2,"ax":12,"ap":231.45,"as":4,"c":1,"t":1767286799124,"q":771205,"z":3},"#
            + #"{"ev":"LULD","T":"AAPL","h":254.58,"l":208.30,"i":[17],"#
            + #""t":1767286799120000,"q":1},"#
            + #"{"ev":"status","status":"success","message":"a\"b\u00e9"},{"t":1,"ev":"T"},"#
            + #"{"sym":"A","v":1,"o":1,"c":1,"h":1,"l":1,"s":1767286740000,"ev":"A"}]"#,
        #"{"ev":"T","sym":"MSFT","i":"1","x":4,"p":575.37,"s":100,"t":1767364200000,"q":16457}"#,
        #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1610064000278,"s":"BTCUSDT","#
            + #""t":553287559,"p":"39432.48000000","q":"0.00026300","T":1610064000278,"m":true}}"#,
        #"{"u":400900217,"s":"BTCUSDT","b":"88120.0","B":"0.5","a":"88120.01","A":"0.2"}"#,
    ].map { Array($0.utf8) }

    private func decodings(_ frame: [UInt8]) -> [(fast: Decoded, general: Decoded)] {
        [
            (massive(frame), massive(frame, speculates: false)),
            (binance(frame), binance(frame, speculates: false)),
        ]
    }

    /// Elements lie in the frame one after the other, and no two claim a byte.
    private func isOrderly(_ decoded: Decoded, _ count: Int) -> Bool {
        var end: Int32 = 0
        for (index, event) in decoded.batch.events.enumerated() {
            let isWholeFrame = event.rawStart == 0 && Int(event.rawCount) == count
            guard event.position.index == index, event.rawStart >= end || isWholeFrame,
                Int(event.rawStart + event.rawCount) <= count
            else { return false }
            end = event.rawStart + event.rawCount
        }
        return true
    }

    @Test func `a frame cut anywhere keeps what came before and refuses the rest once`() {
        for frame in frames {
            for length in 1..<frame.count {
                for decoded in decodings(Array(frame.prefix(length))) {
                    #expect(decoded.fast.trace == decoded.general.trace)
                    #expect(isOrderly(decoded.fast, length))
                    // The frame's own mistakes come before; the cut is the last event.
                    let last = decoded.fast.events.last
                    if case .refused = last { continue }
                    Issue.record("no refusal after \(length) bytes")
                }
            }
        }
    }

    @Test func `what follows a cut frame in its batch is no part of it`() {
        for frame in frames.prefix(2) {
            for length in 1..<frame.count {
                let cut = frame.prefix(length)
                let general = massive(cut, speculates: false).trace
                #expect(massive(cut, followedBy: []).trace == general)
                let rest = Array(frame.dropFirst(length)) + bytesThatFollow
                #expect(massive(cut, followedBy: rest).trace == general)
            }
        }
    }

    @Test func `mutated frames never trap, and both ways of decoding agree`() {
        let seed: UInt64 = 20260102
        var random = SeededRandom(seed: seed)
        let alphabet = Array(#"{}[]",:\u0eE+-.19tnTQ "#.utf8) + [0, 10, 31, 128, 255]
        // All of them when proving; each takes a quarter of a millisecond in a debug build.
        let isProving = ProcessInfo.processInfo.environment["TICKTOP_PROVE"] != nil
        for round in 0..<(isProving ? 100_000 : 10_000) {
            var frame = frames[round % frames.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<frame.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: frame[place] = alphabet.randomElement(using: &random) ?? 0
                case 1: frame.remove(at: place)
                case 2: frame.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                default: frame[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
            let pair = round % frames.count < 2 ? decodings(frame)[0] : decodings(frame)[1]
            guard pair.fast.trace == pair.general.trace, isOrderly(pair.fast, frame.count) else {
                let differences = zip(pair.fast.trace, pair.general.trace).first { $0 != $1 }
                let text = String(decoding: frame, as: UTF8.self)
                Issue.record(
                    "seed \(seed) round \(round): \(String(describing: differences)) \(text)")
                return
            }
        }
    }

    @Test func `one broken element never costs its siblings`() {
        let good = #"{"ev":"T","sym":"AAPL","p":1.5,"s":1,"t":1767286799123}"#
        let broken = [
            #"{"ev":"T","sym":"AAPL","p":NaN,"s":1,"t":1767286799123}"#, #"{"ev":"T" "sym":"A"}"#,
            #"{"ev":"T","sym":AAPL}"#, #"{"ev":"T",}"#, #"{,}"#, #"{"ev":"T","c":[1,]}"#, "x", "",
            #"{"ev":"T","sym":"a\x"}"#, "{\"ev\":\"T\u{1}\"}", "-", "[}", "tru",
        ]
        for element in broken {
            let decoded = massive("[\(good),\(element),\(good)]")
            #expect(decoded.trades.count == 2, "\(element)")
            #expect(decoded.batch.refusals.count == 1, "\(element)")
        }
    }

    @Test func `generated events read as Python reads them, singly and in frames`() throws {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "ticktop-events-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        _ = try ReferenceProgram.run(
            "Benchmarks/generate.py",
            ["--events", "5000", "--tickers", "8000", "--seed", "7", "--out", scratch.path])
        let bytes = try Data(contentsOf: scratch)
        let lines = bytes.split(separator: 10)
        var singly = Decoded()
        for line in lines { singly.batch.events += massive(line).batch.events }
        let reference = try ReferenceProgram.run(
            "Tests/FeedsTests/Reference/decode_frames.py", input: bytes)
        let expected = String(decoding: reference, as: UTF8.self).split(separator: "\n")
        #expect(expected.count == 5000)
        #expect(referenceLines(singly) == expected.map(String.init))
        let frame = [UInt8(ascii: "[")] + Data(lines.joined(separator: [44])) + [93]
        #expect(massive(frame).batch.refusals.isEmpty)
        #expect(referenceLines(massive(frame)) == referenceLines(singly))
    }
}
