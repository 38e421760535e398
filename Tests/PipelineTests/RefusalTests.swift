import Foundation
import Glibc
import MarketModel
import TestSupport
import Testing

extension WholePath {
    /// What cannot be done is said in one line, with an exit code, and without a backtrace.
    @Suite struct `What is refused` {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private func run(_ arguments: [String], environment: [String: String] = [:]) throws
            -> ProgramUnderTest.Outcome
        {
            try ProgramUnderTest.run(arguments, in: scratch.url, environment: environment)
        }

        /// One line that says what is wrong; what ArgumentParser adds of its own is usage.
        private func expectRefusal(
            _ end: ProgramUnderTest.Outcome, status: Int32, saying parts: [String],
            _ location: SourceLocation = #_sourceLocation
        ) {
            #expect(end.status == status, "\(end.errors)", sourceLocation: location)
            #expect(end.output.isEmpty, sourceLocation: location)
            let line = end.errors.split(separator: "\n").first { $0.contains("rror: ") } ?? ""
            for part in parts {
                #expect(line.contains(part), "\(end.errors)", sourceLocation: location)
            }
            for sign in ["Fatal error", "Stack dump", "*** ", "Thread 0", " at /"] {
                #expect(!end.errors.contains(sign), "\(end.errors)", sourceLocation: location)
            }
        }

        @Test func `a store held by another names the holder`() throws {
            let first = try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", "0"], in: scratch.url)
            let port = try SidePortUnderTest(ofStore: scratch.path("store"))
            let second = try run(["serve", "--store", scratch.path("store"), "--port", "0"])
            expectRefusal(
                second, status: 1,
                saying: [
                    "in use by process \(first.pid)", port.address,
                    "ticktop attach \(port.address)",
                ])
            let replay = try run([
                "replay", `Real input`.file.path, "--no-screen", "--store", scratch.path("store"),
            ])
            expectRefusal(replay, status: 1, saying: ["in use by process \(first.pid)"])
            #expect(first.isRunning)
            first.kill(SIGTERM)
            #expect(try first.waitForEnd().status == 0)
        }

        @Test func `a busy port is named`() throws {
            let first = try ProgramUnderTest(
                ["serve", "--store", scratch.path("one"), "--port", "0"], in: scratch.url)
            let address = try SidePortUnderTest(ofStore: scratch.path("one")).address
            let port = try #require(address.split(separator: ":").last.map(String.init))
            let second = try run(["serve", "--store", scratch.path("two"), "--port", port])
            expectRefusal(
                second, status: 1,
                saying: [
                    "port \(port) on 127.0.0.1 is taken by ticktop (process \(first.pid))",
                    "--port",
                ])
            first.kill(SIGTERM)
            #expect(try first.waitForEnd().status == 0)
        }

        @Test func `a missing key says which one and what needs none`() throws {
            let end = try run(["serve", "--feed", "massive", "--store", scratch.path("store")])
            expectRefusal(end, status: 1, saying: ["MASSIVE_API_KEY", "--feed binance"])
        }

        @Test func `a missing file is named`() throws {
            let end = try run(["replay", scratch.path("nothing.ndjson"), "--no-screen"])
            expectRefusal(end, status: 1, saying: ["nothing.ndjson"])
            let config = try run(["serve", "--config", scratch.path("nothing.toml")])
            expectRefusal(config, status: 1, saying: ["nothing.toml"])
        }

        @Test(arguments: [
            (["serve", "--prot", "1"], "--prot"),
            (["replay"], "<files>"),
            (["replay", "x", "--speed", "-3"], "--speed"),
            (["simulate", "--drop", "2"], "--drop"),
            (["serve", "--port", "http"], "--port"),
            (["nonsuch", "--nonsuch"], "--nonsuch"),
        ])
        func `a bad option is named`(_ arguments: [String], _ part: String) throws {
            expectRefusal(try run(arguments), status: 64, saying: [part])
        }

        @Test func `the dashboard without a terminal names what works without`() throws {
            let end = try run([])
            expectRefusal(end, status: 64, saying: ["terminal", "ticktop serve"])
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func `a signal ends serve in order, with its closing line`(_ signal: Int32) async throws {
            let program = try ProgramUnderTest(
                ["serve", "--store", scratch.path("store"), "--port", "0"], in: scratch.url)
            let port = try SidePortUnderTest(ofStore: scratch.path("store"))
            let received = #"ticktop_tick_messages_received_total{source="demo"}"#
            let isReceiving = try await Proof.eventually {
                try await port.metric(received) ?? 0 > 0
            }
            #expect(isReceiving)
            program.kill(signal)
            let end = try program.waitForEnd()
            #expect(end.status == 0, "\(end.errors)")
            #expect(try end.count("received") > 0)
            #expect(try end.addsUp())
            let stored = try StoreUnderTest(scratch.path("store")).count(
                "select sum(received) from source_counts")
            #expect(try stored == end.count("received"))
        }
    }
}
