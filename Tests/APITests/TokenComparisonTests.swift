import Synchronization
import Testing

@testable import API

/// Bytes that count how often each of them is looked at.
private struct CountedBytes: RandomAccessCollection {
    final class Looks: Sendable {
        let byIndex: Mutex<[Int]>
        init(count: Int) { byIndex = Mutex(Array(repeating: 0, count: count)) }
    }

    let bytes: [UInt8]
    let looks: Looks

    init(_ text: String) {
        bytes = Array(text.utf8)
        looks = Looks(count: bytes.count)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }

    subscript(index: Int) -> UInt8 {
        looks.byIndex.withLock { $0[index] += 1 }
        return bytes[index]
    }
}

/// Steps are counted, not time: what a clock says of a few nanoseconds decides nothing.
@Suite struct `Comparing a token` {
    private static let secret = "0123456789abcdef"

    @Test(arguments: [
        ("0123456789abcdef", true), ("x123456789abcdef", false), ("0123456789abcdex", false),
        ("0123456x89abcdef", false), ("", false), ("0", false), ("0123456789abcde", false),
        ("0123456789abcdef0", false), ("ffffffffffffffffffffffffffffffff", false),
    ])
    func `looks at each byte of the secret once, right or wrong`(guess: String, isSame: Bool) {
        let secret = CountedBytes(Self.secret)
        let given = CountedBytes(guess)
        #expect(APIToken.isSame(secret, given) == isSame)
        #expect(APIToken(explicit: Self.secret).matches(guess) == isSame)
        #expect(secret.looks.byIndex.withLock { $0 } == Array(repeating: 1, count: 16))
        // Of what is sent as much is read as there is, up to the secret's length.
        let read = given.looks.byIndex.withLock { $0 }
        #expect(read == guess.utf8.indices.enumerated().map { $0.offset < 16 ? 1 : 0 })
    }
}
