import AllocationCount
import Feeds
import Foundation
import MarketModel

/// Decoding alone, against Foundation's `JSONDecoder` on frames of the same file.
enum DecodeBenchmark {
    struct Findings: Encodable {
        var nanoseconds_per_event: Double
        /// JSONDecoder's time an event by ours.
        var ratio: Double
        /// In all passes but the first, in which the batch finds its size.
        var allocations_per_event: Double
    }

    private static let passes = 5
    private static let sampleCount = 20_000

    static func measure(_ path: String) throws -> Findings {
        var ours: [Double] = []
        var theirs: [Double] = []
        var allocations = 0.0
        let sample = try sample(path)
        var batch = EventBatch()
        for pass in 0..<passes {
            let found = try decodeAll(path, &batch)
            ours.append(found.nanoseconds)
            theirs.append(try decodeByFoundation(sample))
            if pass > 0 { allocations = max(allocations, found.allocations) }
        }
        return Findings(
            nanoseconds_per_event: median(ours),
            ratio: median(zip(theirs, ours).map { $0 / $1 }), allocations_per_event: allocations)
    }

    /// Nanoseconds and allocations an event, neither with the reading of the file.
    private static func decodeAll(_ path: String, _ batch: inout EventBatch) throws -> (
        nanoseconds: Double, allocations: Double
    ) {
        let file = try LineFile(path: path)
        var decoder = FrameFileDecoder()
        var events = 0
        var spent: Int64 = 0
        var allocations: UInt64 = 0
        while case let piece = try file.read(into: &batch), !piece.isEmpty {
            let allocationsBefore = allocation_count()
            let began = SystemClock.monotonicNanoseconds
            WindowsBenchmark.decode(piece, at: file.offset, by: &decoder, into: &batch)
            spent += SystemClock.monotonicNanoseconds - began
            allocations += allocation_count() - allocationsBefore
            events += batch.events.count
            guard batch.refusals.isEmpty else {
                throw BenchmarkError.refused(count: batch.refusals.count)
            }
        }
        return (Double(spent) / Double(events), Double(allocations) / Double(events))
    }

    private static func decodeByFoundation(_ sample: [Data]) throws -> Double {
        let decoder = JSONDecoder()
        let began = SystemClock.monotonicNanoseconds
        for line in sample { _ = try decoder.decode(ReferenceEvent.self, from: line) }
        return Double(SystemClock.monotonicNanoseconds - began) / Double(sample.count)
    }

    /// The first lines of the file.
    private static func sample(_ path: String) throws -> [Data] {
        let file = try LineFile(path: path)
        var batch = EventBatch()
        var sample: [Data] = []
        while sample.count < sampleCount, case let piece = try file.read(into: &batch),
            !piece.isEmpty
        {
            let bytes = batch.bytes
            LineFile.forEachLine(of: piece, in: bytes) { sample.append(Data(bytes[$0])) }
        }
        return Array(sample.prefix(sampleCount))
    }
}

/// A trade or a quote as one would write it for `JSONDecoder`: the fields that ours reads.
private struct ReferenceEvent: Decodable {
    var ev: String
    var sym: String
    var t: Int64
    var q: Int64
    // Of a trade.
    var i: String?
    var x: Int?
    var p: Double?
    var s: Int64?
    var conditions: [Int]?
    // Of a quote.
    var bp: Double?
    var bs: Int64?
    var ap: Double?
    var `as`: Int64?

    private enum Key: String, CodingKey {
        case ev, sym, t, q, i, x, p, s, c, bp, bs, ap
        case `as`
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        ev = try fields.decode(String.self, forKey: .ev)
        sym = try fields.decode(String.self, forKey: .sym)
        t = try fields.decode(Int64.self, forKey: .t)
        q = try fields.decode(Int64.self, forKey: .q)
        if ev == "T" {
            i = try fields.decodeIfPresent(String.self, forKey: .i)
            x = try fields.decodeIfPresent(Int.self, forKey: .x)
            p = try fields.decode(Double.self, forKey: .p)
            s = try fields.decode(Int64.self, forKey: .s)
            conditions = try fields.decodeIfPresent([Int].self, forKey: .c)
        } else {
            bp = try fields.decode(Double.self, forKey: .bp)
            bs = try fields.decode(Int64.self, forKey: .bs)
            ap = try fields.decode(Double.self, forKey: .ap)
            `as` = try fields.decode(Int64.self, forKey: .as)
        }
    }
}

/// The middle value; the upper of two.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
