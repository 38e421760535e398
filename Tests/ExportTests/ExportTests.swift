import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Export

@Suite struct `An exported table` {
    private static let columns: [ExportColumn] = [
        .init("ticker", .text), .init("at", .timestamp), .init("price", .decimal(places: 9)),
        .init("volume", .decimal(places: 8)), .init("score", .double), .init("count", .integer),
        .init("final", .boolean),
    ]

    private static let huge = Int128(123_456_789_012_345_678) * 1_000_000_007

    private static let rows: [[ExportValue]] = [
        [
            .text("AAPL"), .timestamp(1_767_382_312_400_000_007), .decimal(231_440_100_000),
            .decimal(huge), .double(-0.1), .integer(.max), .boolean(true),
        ],
        [
            .text("=1+1, \"so\"\r\nÜ"), .timestamp(-1), .decimal(-1), .missing, .double(.nan),
            .integer(.min), .boolean(false),
        ],
        [.missing, .missing, .missing, .decimal(0), .missing, .missing, .missing],
    ]

    private func written(_ format: TableFormat, _ rows: [[ExportValue]]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try withoutActuallyEscaping({ bytes += $0 }) { write in
            var table = TableWriter(format, columns: Self.columns, write: write)
            for row in rows { try table.append(row) }
            try table.finish()
        }
        return bytes
    }

    @Test func `as CSV keeps every digit, and texts what they are`() throws {
        let text = String(decoding: try written(.csv, Self.rows), as: UTF8.self)
        let first = "ticker,at,price,volume,score,count,final\r\n"
        #expect(text.hasPrefix(first + "AAPL,2026-01-02T19:31:52.400000007Z,231.4401,"))
        #expect(text.contains(",-0.1,9223372036854775807,true\r\n"))
        #expect(
            text.contains(
                "\"'=1+1, \"\"so\"\"\r\nÜ\",1969-12-31T23:59:59.999999999Z,-0.000000001,,,"
                    + "-9223372036854775808,false\r\n"))
        #expect(text.hasSuffix("\r\n,,,0,,,\r\n"))
    }

    @Test func `as JSON and as NDJSON is what every reader takes`() throws {
        let list = try written(.json, Self.rows)
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(list)) as? [[String: Any]])
        #expect(read.count == 3)
        #expect(read[1]["ticker"] as? String == "=1+1, \"so\"\r\nÜ")
        #expect(read[1]["score"] is NSNull && read[2]["ticker"] is NSNull)
        #expect(String(decoding: list, as: UTF8.self).contains(#""price":231.4401,"#))
        let lines = String(decoding: try written(.ndjson, Self.rows), as: UTF8.self)
            .split(separator: "\n")
        #expect(lines.count == 3)
        let last =
            #"{"ticker":null,"at":null,"price":null,"volume":0,"score":null,"#
            + #""count":null,"final":null}"#
        #expect(lines.last.map(String.init) == last)
        #expect(try written(.json, []) == Array("[]\n".utf8))
        #expect(try written(.ndjson, []).isEmpty)
    }

    @Test func `refuses a row that does not fit`() {
        #expect(throws: ExportError.wrongRow(values: 1, columns: 7)) {
            try written(.csv, [[.missing]])
        }
        #expect(throws: ExportError.wrongKind(column: "final")) {
            try written(.parquet, [Array(Self.rows[0].dropLast()) + [.integer(1)]])
        }
    }

    /// What pyarrow makes of the file: its schema and its rows, figures as exact texts.
    private struct Reading: Decodable {
        var types: [String]
        var rowGroups: Int
        var rows: [[String?]]
    }

    private func read(_ bytes: [UInt8]) throws -> Reading {
        let answer = try ReferenceProgram.run(
            "Tests/ExportTests/Reference/read_parquet.py", input: Data(bytes))
        return try JSONDecoder().decode(Reading.self, from: answer)
    }

    @Test func `as Parquet is what pyarrow reads, to the last digit`() throws {
        let reading = try read(try written(.parquet, Self.rows))
        #expect(
            reading.types == [
                "string", "timestamp[ns, tz=UTC]", "decimal128(38, 9)", "decimal128(38, 8)",
                "double", "int64", "bool",
            ])
        #expect(
            reading.rows == [
                [
                    "AAPL", "1767382312400000007", "231.440100000",
                    Decimal64.text(Self.huge, places: 8), "-0.1", "9223372036854775807", "True",
                ],
                [
                    "=1+1, \"so\"\r\nÜ", "-1", "-0.000000001", nil, "nan", "-9223372036854775808",
                    "False",
                ], [nil, nil, nil, "0.00000000", nil, nil, nil],
            ])
        let empty = try read(try written(.parquet, []))
        #expect(empty.rows.isEmpty && empty.types.count == 7)
    }

    @Test(arguments: [1, 7, 8, 9, 65_536, 65_537, 150_000])
    func `as Parquet of many rows is read back whole`(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        var expected: [[String?]] = []
        let rows = (0..<count).map { index -> [ExportValue] in
            let isMissing = Bool.random(using: &random)
            let isTrue = Bool.random(using: &random)
            let number = Int64.random(in: .min ... .max, using: &random)
            expected.append([
                isMissing ? nil : "row \(index)", String(number), nil, nil, nil, String(index),
                isTrue ? "True" : "False",
            ])
            return [
                isMissing ? .missing : .text("row \(index)"), .timestamp(number), .missing,
                .missing, .missing, .integer(Int64(index)), .boolean(isTrue),
            ]
        }
        let reading = try read(try written(.parquet, rows))
        #expect(reading.rows == expected, "seed \(count)")
        #expect(reading.rowGroups == (count + 65_535) / 65_536)
    }
}
