import Foundation
import Glibc
import MarketModel

/// One answer, taken apart.
struct HTTPAnswer: Sendable {
    var status = 0
    var headers: [String: String] = [:]
    var body = ""

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] =
                parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        body = String(text[end.upperBound...])
    }
}

/// Speaks HTTP over a plain socket, so that tests can say what no library would.
struct HTTPConversation: Sendable {
    let port: Int

    func get(_ path: String, headers: [String: String] = [:]) async -> HTTPAnswer {
        await send("GET", path, headers: headers)
    }

    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
    ) async -> HTTPAnswer {
        var lines = ["\(method) \(path) HTTP/1.1"]
        var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
        if let body { all["Content-Length"] = String(body.utf8.count) }
        all.merge(headers) { $1 }
        lines += all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return HTTPAnswer(await exchange(Array(text.utf8)))
    }

    /// Sends bytes as they are and reads until the server closes, at most `waitSeconds`.
    /// With `endsInput` the server is told that no more will come.
    func exchange(_ bytes: [UInt8], waitSeconds: Int = 60, endsInput: Bool = false) async
        -> [UInt8]
    {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: talk(bytes, waitSeconds: waitSeconds, endsInput: endsInput))
            }
        }
    }

    private func talk(_ bytes: [UInt8], waitSeconds: Int, endsInput: Bool) -> [UInt8] {
        guard let descriptor = Self.connected(to: port) else { return [] }
        defer { close(descriptor) }
        var wait = timeval(tv_sec: waitSeconds, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        if endsInput { shutdown(descriptor, Int32(SHUT_WR)) }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return received }
            received += chunk[..<count]
        }
    }

    /// Sends the bytes, then one more at each step, until the server closes. Returns the seconds
    /// that took.
    func drip(_ bytes: [UInt8], everyMilliseconds step: Int, secondsMax: Int) async -> Double {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let startedAt = SystemClock.monotonicNanoseconds
                func elapsed() -> Double {
                    Double(SystemClock.monotonicNanoseconds - startedAt) / 1e9
                }
                guard let descriptor = Self.connected(to: port) else {
                    return continuation.resume(returning: .infinity)
                }
                defer { close(descriptor) }
                _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                var isOpen = true
                while isOpen, elapsed() < Double(secondsMax) {
                    SystemClock.sleepThread(.milliseconds(step))
                    isOpen = Glibc.send(descriptor, [120], 1, Int32(MSG_NOSIGNAL)) == 1
                }
                continuation.resume(returning: elapsed())
            }
        }
    }

    /// `nil` when nobody listens.
    static func connected(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let outcome = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}

/// Connections that have said half a request, and no more.
struct HalfOpen {
    private let descriptors: [Int32]

    init(port: Int, count: Int) {
        let half = Array("GET /health HT".utf8)
        descriptors = (0..<count).compactMap { _ in
            guard let descriptor = HTTPConversation.connected(to: port) else { return nil }
            _ = Glibc.send(descriptor, half, half.count, Int32(MSG_NOSIGNAL))
            return descriptor
        }
    }

    var count: Int { descriptors.count }

    func close() {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }
}
