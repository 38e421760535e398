import MarketModel
import TestSupport
import Testing

@testable import Feeds

/// Trades and quotes in all spellings a provider, or an enemy, might send: what is read plainly is
/// what the general way reads.
@Suite struct `Decoding odd spellings` {
    private typealias Field = (name: String, usual: [String], odd: [String])

    private static let integers = [
        "0", "00", "01", "7", "1234567", "12345678", "123456789", "999999999999999",
        "1000000000000000", "9223372036854775807", "9223372036854775808", "-1", "1.0", "1.5", "1e3",
        "5E-1", "", "null", "\"5\"", "[5]", "1 ", " 1", "1/", "1:", "true",
    ]
    private static let decimals =
        integers + [
            "0.5", "0.0001", "00.5", "5.", ".5", "1..2", "1.2.3", "12.3456", "123.4567", "1234.5",
            "123456.1", "1234567.1234567", "12345678.5", "0.12345678", "0.123456789",
            "0.1234567891", "9223372036.854775807", "9223372037", "1e-9", "1e-10", "1.5e300",
            "92233720368.54775807", "-0", "-0.0", "0.0", "0e0",
        ]
    private static let conditions = [
        "[]", "[0]", "[00]", "[5]", "[12,37]", "[253]", "[254]", "[255]", "[999]", "[1000]",
        "[1,2,3,4]", "[1,2,3,4,5]", "[1,2,3,4,5,6,7,8]", "[1,2,3,4,5,6,7,8,9]", "[14,37,4]",
        "[14,37,411]", "[253,253,253,253,253,253,253,253]", "[12,]", "[,12]", "[12,37", "[12}",
        "12",
        "[ 12]", "[12 ]", "[1.5]", "[-1]", "[null]", "null", "[\"12\"]", "[[12]]",
    ]
    private static let symbols = [
        "\"\"", "\"A\"", "\"AZ\"", "\"ABCDEFG\"", "\"ABCDEFGH\"", "\"ABCDEFGHI\"", "\"BRK.B\"",
        "\"BACpC\"", "\"A@\"", "\"A[\"", "\"a\"", "\"A1\"", "\"A A\"", "\"A\\u0041\"",
        "\"A\u{80}\"",
        "\"ABCDEFGHIJKLMNOPQ\"", "null", "5", "\"A", "A\"",
    ]
    private static let times = [
        "1767286799123", "1767286799124", "176728679912", "17672867991234", "99999999999",
        "0", "01767286799123", "1767286799123.0", "9999999999999",
    ]
    private static let identities =
        ["\"\"", "\"00\"", "\"007\"", "\"1a\"", "\"a\"", "\"1.5\"", "\"12345678a\"", "\" 1\""]
        + integers.map { "\"\($0)\"" } + ["5", "null"]

    private static let trade: [Field] = [
        ("sym", ["\"AAPL\"", "\"F\"", "\"BRK\""], symbols),
        ("i", ["\"9\"", "\"90210\"", "\"1234567890\""], identities), ("x", ["4", "11"], integers),
        ("p", ["231.44", "8.5", "1234.5678"], decimals), ("s", ["100", "7", "1.5"], decimals),
        ("c", ["[14]", "[14,41]", "[14,37,41]"], conditions),
        ("t", ["1767286799123"], times + integers), ("q", ["12", "771204"], integers),
        ("z", ["1", "3"], integers),
    ]
    private static let quote: [Field] = [
        ("sym", ["\"AAPL\"", "\"F\""], symbols), ("bx", ["11"], integers),
        ("bp", ["231.43", "0"], decimals), ("bs", ["2"], decimals), ("ax", ["8"], integers),
        ("ap", ["231.4501"], decimals), ("as", ["4"], decimals), ("c", ["1", "0"], integers),
        ("t", ["1767286799123"], times + integers), ("q", ["12", "771204"], integers),
        ("z", ["1", "3"], integers),
    ]
    private static let strangers = [
        #","z":3"#, #","ds":"1.5""#, #","trfi":202"#, #","ev":"T""#, #","ev":"Q""#, #","\u0070":5"#,
        #","x":{"p":1}"#, " ", ",", "}", #","i":[604]"#, "\u{0}", #","":1"#, #","sym":"Z""#,
    ]

    private func line(_ random: inout SeededRandom) -> String {
        let isTrade = Bool.random(using: &random)
        var parts = (isTrade ? Self.trade : Self.quote).map { field in
            let isOdd = Int.random(in: 0..<20, using: &random) == 0
            let values = isOdd ? field.odd : field.usual
            return ",\"\(field.name)\":\(values.randomElement(using: &random) ?? "")"
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: parts.shuffle(using: &random)
        case 1: parts.remove(at: Int.random(in: 0..<parts.count, using: &random))
        case 2: parts.append(parts.randomElement(using: &random) ?? "")
        case 3:
            let place = Int.random(in: 0...parts.count, using: &random)
            parts.insert(Self.strangers.randomElement(using: &random) ?? "", at: place)
        case 4, 5: parts.removeAll { $0.hasPrefix(",\"c\"") }
        default: break
        }
        return "{\"ev\":\"\(isTrade ? "T" : "Q")\"" + parts.joined() + "}"
    }

    private func bytes(of lines: [String], _ random: inout SeededRandom) -> [UInt8] {
        let endings = ["\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\n\n", " \n", ""]
        var bytes: [UInt8] = []
        for line in lines {
            var line = Array(line.utf8)
            if Int.random(in: 0..<8, using: &random) == 0 {
                let place = Int.random(in: 0..<line.count, using: &random)
                line[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                if line[place] == 10 { line[place] = 11 }
            }
            bytes += line
            bytes += Array((endings.randomElement(using: &random) ?? "\n").utf8)
        }
        return bytes
    }

    private func trace(_ batch: EventBatch) -> [String] {
        batch.events.map { logged in
            switch logged.event {
            case .refused(let index): "\(logged) \(batch.refusals[Int(index)])"
            case .ignored(let index): "\(logged) \(batch.ignored[Int(index)])"
            default: "\(logged)"
            }
        }
    }

    private func together(_ bytes: [UInt8], room: Int) -> [String] {
        var batch = EventBatch()
        batch.bytes = bytes + Array(repeating: UInt8(ascii: "1"), count: room)
        var decoder = FrameFileDecoder()
        decoder.decode(lines: 0..<bytes.count, position: .start, into: &batch)
        return trace(batch)
    }

    private func generally(_ bytes: [UInt8]) -> [String] {
        var batch = EventBatch()
        batch.bytes = bytes
        var decoder = FrameFileDecoder()
        decoder.massive = MassiveDecoder(speculates: false)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let isCarriage = end > start && bytes[end - 1] == 13
            decoder.decode(
                line: start..<(isCarriage ? end - 1 : end),
                position: LogPosition(epoch: 0, offset: Int64(start)), into: &batch)
            start = end + 1
        }
        return trace(batch)
    }

    @Test(arguments: [0, 40, 1024]) func `both ways read the same`(room: Int) {
        let seed = UInt64(20_261_121 + room)
        var random = SeededRandom(seed: seed)
        for round in 0..<500 {
            let lines = (0..<12).map { _ in line(&random) }
            let bytes = bytes(of: lines, &random)
            let (found, expected) = (together(bytes, room: room), generally(bytes))
            guard found == expected else {
                let difference = zip(found, expected).first { $0 != $1 }
                Issue.record(
                    "seed \(seed) round \(round): \(String(describing: difference)) \(lines)")
                return
            }
        }
    }

    @Test func `each odd value in each place is the same, and most lines are events`() {
        for (type, fields) in [("T", Self.trade), ("Q", Self.quote)] {
            for (place, field) in fields.enumerated() {
                for odd in field.odd + field.usual {
                    let parts = fields.enumerated().map { index, other in
                        ",\"\(other.name)\":\(index == place ? odd : other.usual[0])"
                    }
                    let line = "{\"ev\":\"\(type)\"" + parts.joined() + "}\n"
                    // The second time, what is remembered of the first is met.
                    let bytes = Array((line + line).utf8)
                    #expect(together(bytes, room: 512) == generally(bytes), "\(line)")
                }
            }
        }
        var random = SeededRandom(seed: 7)
        let lines = bytes(of: (0..<1000).map { _ in line(&random) }, &random)
        let found = together(lines, room: 512)
        #expect(found.count { $0.contains("trade(") || $0.contains("quote(") } > 500)
    }

    @Test func `a number met before is known by its field and by all its digits`() {
        let numbers = [
            "1", "12", "123", "1234", "12345", "100", "1000", "1.0", "10.0", "12.5", "123.5", "1e2",
            "12e1", "0", "05",
        ]
        for (type, fields) in [("T", Self.trade), ("Q", Self.quote)] {
            let line = { (names: [String], number: String) in
                zip(fields, names).map { field, name in
                    let value = Int(field.usual[0]) == nil ? field.usual[0] : number
                    return ",\"\(name)\":\(field.name == "t" ? field.usual[0] : value)"
                }.joined()
            }
            let usual = fields.map(\.name)
            var lines: [String] = []
            for number in numbers + numbers.reversed() { lines.append(line(usual, number)) }
            // Each field under each other's name.
            for place in usual.indices {
                for other in usual {
                    var names = usual
                    names[place] = other
                    for number in ["12", "123"] { lines.append(line(names, number)) }
                }
            }
            let bytes = Array(lines.map { "{\"ev\":\"\(type)\"\($0)}\n" }.joined().utf8)
            #expect(together(bytes, room: 0) == generally(bytes))
        }
    }
}
