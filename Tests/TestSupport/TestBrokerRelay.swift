import Foundation
import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Stands between clients and a broker, byte for byte, and cuts the connections when told to.
///
/// The broker tells clients its own address. In its answers the relay puts its own port in that
/// place, so that every connection goes through it.
public final class TestRelay: @unchecked Sendable {
    // Unchecked: `pairs`, `accepted`, `asked` and `isRefusing` are read and written under `lock`
    // only; the rest never changes.
    public let port: Int
    private let target: Int
    private let listener: Int32
    private let lock = NSLock()
    private var pairs: [(client: Int32, broker: Int32)] = []
    private var accepted = 0
    private var asked = 0
    private var isRefusing = false

    public var address: String { "127.0.0.1:\(port)" }

    public init(to target: Int) throws {
        self.target = target
        listener = try Loopback.listen(port: 0, backlog: 64)
        port = try Loopback.port(of: listener)
        detach("relay") { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { break }
                self.join(client)
            }
        }
    }

    deinit {
        cut()
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Connections that have gone through so far.
    public var connectionCount: Int { lock.withLock { accepted } }

    /// What clients have sent so far, in pieces as they were read: about as many as requests.
    public var requestCount: Int { lock.withLock { asked } }

    /// Breaks every connection; new ones are let through.
    public func cut() {
        let broken = lock.withLock {
            defer { pairs = [] }
            return pairs
        }
        for pair in broken {
            shutdown(pair.client, Int32(SHUT_RDWR))
            shutdown(pair.broker, Int32(SHUT_RDWR))
        }
    }

    /// Breaks every connection, and new ones as they come, until `restore`.
    public func block() {
        lock.withLock { isRefusing = true }
        cut()
    }

    public func restore() { lock.withLock { isRefusing = false } }

    private func join(_ client: Int32) {
        guard !lock.withLock({ isRefusing }), let broker = Loopback.connect(target) else {
            close(client)
            return
        }
        var yes: Int32 = 1
        for end in [client, broker] {
            setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
        }
        lock.withLock {
            pairs.append((client, broker))
            accepted += 1
        }
        let answers = PortRewriting(from: target, to: port)
        let pumps: [(from: Int32, to: Int32, rewriting: PortRewriting?)] = [
            (client, broker, nil), (broker, client, answers),
        ]
        let ended = DispatchGroup()
        for pump in pumps {
            ended.enter()
            detach("relay pump") { [weak self] in
                TestRelay.pump(pump.from, pump.to, pump.rewriting) {
                    if pump.from == client { self?.lock.withLock { self?.asked += 1 } }
                }
                ended.leave()
            }
        }
        detach("relay end") { [weak self] in
            ended.wait()
            self?.lock.withLock { self?.pairs.removeAll { $0.client == client } }
            close(client)
            close(broker)
        }
    }

    private static func pump(
        _ from: Int32, _ to: Int32, _ rewriting: PortRewriting?, onRead: () -> Void
    ) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var waiting: [UInt8] = []
        var rewriting = rewriting
        while true {
            let count = read(from, &chunk, chunk.count)
            guard count > 0 else { break }
            onRead()
            waiting.append(contentsOf: chunk[..<count])
            let ready = rewriting?.apply(to: &waiting) ?? waiting.count
            guard sendAll(waiting[..<ready], to) else { break }
            waiting.removeFirst(ready)
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, _ to: Int32) -> Bool {
        bytes.withUnsafeBytes { all in
            var left = all[...]
            while !left.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: left)
                let sent = send(to, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                guard sent > 0 else { return false }
                left = left.dropFirst(sent)
            }
            return true
        }
    }

    private func detach(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }
}

/// Puts one port in the place of another where the broker names its address: a host and four bytes.
private struct PortRewriting {
    private let wanted: [UInt8]
    private let replacement: [UInt8]
    /// What is still to come of the answer whose beginning has gone on.
    private var left = 0

    init(from: Int, to: Int) {
        func address(_ port: Int) -> [UInt8] {
            Array("127.0.0.1".utf8) + withUnsafeBytes(of: UInt32(port).bigEndian) { Array($0) }
        }
        wanted = address(from)
        replacement = address(to)
    }

    /// How many bytes may go on. What is left may be the beginning of an address, or of an answer's
    /// length; never the end of an answer, which nothing may come behind until it has arrived.
    mutating func apply(to bytes: inout [UInt8]) -> Int {
        var start = bytes.startIndex
        while let found = bytes[start...].firstRange(of: wanted) {
            bytes.replaceSubrange(found, with: replacement)
            start = found.upperBound
        }
        var ready = 0
        while ready < bytes.count {
            if left == 0 {
                guard let length = PortRewriting.answerLength(bytes[ready...]) else { break }
                left = length
            }
            let isWhole = left <= bytes.count - ready
            let held = isWhole ? 0 : beginning(atEndOf: bytes[max(start, ready)...])
            let count = isWhole ? left : bytes.count - ready - held
            ready += count
            left -= count
            guard isWhole else { break }
        }
        return ready
    }

    /// With the four bytes that say so; `nil` before they are there.
    private static func answerLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return 4 + bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    /// How many bytes at the end may be an address that has not come whole.
    private func beginning(atEndOf bytes: ArraySlice<UInt8>) -> Int {
        stride(from: min(wanted.count - 1, bytes.count), to: 0, by: -1)
            .first { bytes.suffix($0).elementsEqual(wanted.prefix($0)) } ?? 0
    }
}
