import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `API server` {
    @Test func `names the port when another process has it`() async throws {
        try await SidePort().serve { http in
            var settings = SidePort.settings()
            settings.port = http.port
            let second = try SidePort().server(settings)
            let busy = APIError.portBusy(address: "127.0.0.1", port: http.port)
            await #expect(throws: busy) { try await second.start() }
            #expect("\(busy)".contains("port \(http.port) on 127.0.0.1 is taken"))
        }
    }

    @Test func `says why an address cannot be bound`() async throws {
        var settings = SidePort.settings()
        settings.address = "192.0.2.1"
        let server = try SidePort().server(settings)
        do {
            _ = try await server.start()
            Issue.record("bound an address of the documentation range")
        } catch APIError.cannotBind(let address, _, let reason) {
            #expect(address == "192.0.2.1")
            #expect(!reason.isEmpty)
        }
    }

    @Test func `frees the port when it stops, with a client still connected`() async throws {
        let server = try SidePort().server(SidePort.settings())
        let port = try await server.start()
        let http = HTTPConversation(port: port)
        async let idle = http.exchange(
            Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        #expect(await http.get("/health").status == 200)
        await server.stop()
        _ = await idle
        var settings = SidePort.settings()
        settings.port = port
        let next = try SidePort().server(settings)
        #expect(try await next.start() == port)
        await next.stop()
        await next.stop()
    }

    @Test func `stops well while connections come in`() async throws {
        for _ in 0..<25 {
            let server = try SidePort().server(SidePort.settings())
            let http = HTTPConversation(port: try await server.start())
            let callers = (0..<6).map { _ in Task { await http.get("/health").status } }
            await server.stop()
            for caller in callers { #expect([0, 200].contains(await caller.value)) }
        }
    }

    @Test func `closes a connection that sends no whole header in time`() async throws {
        var settings = SidePort.settings()
        settings.headerTimeout = .milliseconds(200)
        try await SidePort().serve(settings) { http in
            let startedAt = SystemClock.monotonicNanoseconds
            let bytes = await http.exchange(Array("GET /health HTTP/1.1\r\nHost: loc".utf8))
            let seconds = Double(SystemClock.monotonicNanoseconds - startedAt) / 1e9
            #expect(HTTPAnswer(bytes).status != 200)
            #expect(seconds < 5)
        }
    }

    @Test func `closes a connection whose body does not come in time`() async throws {
        var settings = SidePort.settings()
        settings.requestTimeout = .milliseconds(200)
        try await SidePort().serve(settings) { http in
            let startedAt = SystemClock.monotonicNanoseconds
            let head =
                "POST /anomalies/x/ack HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
                + "Authorization: Bearer \(SidePort.secret)\r\n\r\n{"
            let bytes = await http.exchange(Array(head.utf8))
            let seconds = Double(SystemClock.monotonicNanoseconds - startedAt) / 1e9
            #expect(HTTPAnswer(bytes).status != 200)
            #expect(seconds < 25)
        }
    }

    @Test func `answers from the snapshot while every reader of the store is stuck`() async throws {
        let port = SidePort()
        let disk = DispatchSemaphore(value: 0)
        port.history.rows.withLock { $0.disk = disk }
        try await port.serve { http in
            let stuck = (0..<8).map { _ in Task { await http.get("/anomalies") } }
            for _ in 0..<20 {
                #expect(await http.get("/quotes/AAPL").status == 200)
                #expect(await http.get("/health").status == 200)
            }
            for _ in stuck { disk.signal() }
            for task in stuck { #expect(await task.value.status == 200) }
        }
    }

    @Test func `lets connections beyond its limit wait`() async throws {
        var settings = SidePort.settings()
        settings.connectionsMax = 1
        settings.headerTimeout = .milliseconds(300)
        try await SidePort().serve(settings) { http in
            let startedAt = SystemClock.monotonicNanoseconds
            // Each says nothing until it is closed. NIO accepts up to 4 at once before the limit
            // holds, so 12 take three timeouts one after the other.
            let silent = (0..<12).map { _ in Task { await http.exchange([]) } }
            for task in silent { #expect(await task.value.isEmpty) }
            let seconds = Double(SystemClock.monotonicNanoseconds - startedAt) / 1e9
            #expect(seconds >= 0.85)
            #expect(await http.get("/health").status == 200)
        }
    }

    @Test func `answers several requests on one connection`() async throws {
        let request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let last = "GET /quotes/AAPL HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let bytes = try await SidePort().serve {
            await $0.exchange(Array((request + request + last).utf8))
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 4)
        #expect(text.contains("231.440100001"))
    }
}
