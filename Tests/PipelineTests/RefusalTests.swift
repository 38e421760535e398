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
                    "the store \(scratch.path("store")) is in use by process \(first.pid)",
                    port.address,
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
            (["srve"], "did you mean `ticktop serve`"),
            (["simulate", "--disconnect-every", "0"], "positive"),
            (["export", "trades", "--from", "yesterday"], "--from"),
            (["export", "bars", "--interval", "2m"], "--interval"),
            (["backfill", "binance", "BTCUSDT", "--from", "today"], "--from"),
        ])
        func `a bad option is named`(_ arguments: [String], _ part: String) throws {
            expectRefusal(try run(arguments), status: 64, saying: [part])
        }

        @Test func `what fails though it was asked for rightly shows no usage`() throws {
            let taken = scratch.path("taken")
            try FileManager.default.createDirectory(
                atPath: taken + "/in it", withIntermediateDirectories: true)
            let attempts = [
                (["record", "--out", taken], "is not empty"),
                (["export", "trades", "--store", "none"], "there is no store at none"),
                (["dead-letters", "show", "1.2", "--store", taken], "1.2 is no id"),
                (["replay", taken, "--no-screen"], "there is no recording"),
                (
                    ["simulate", "--listen", "192.0.2.1:80"],
                    "cannot listen on 192.0.2.1:80: Cannot assign requested address"
                ),
            ]
            for (arguments, part) in attempts {
                let end = try run(arguments)
                expectRefusal(end, status: 1, saying: [part])
                #expect(!end.errors.contains("Usage"), "\(end.errors)")
            }
        }

        @Test func `a configuration's mistakes come all at once, whoever would find them`() throws {
            let file = scratch.path("config.toml")
            let text = """
                [screen]
                update_hz = 0
                themee = "dusk"
                [groups]
                tech = ["no ticker"]
                [keys]
                quotes = ["2"]
                chart = ["2"]
                """
            try Data(text.utf8).write(to: URL(filePath: file))
            let end = try run(["config", "check", "--config", file])
            #expect(end.status == 2)
            let lines = end.errors.split(separator: "\n")
            #expect(lines.count == 4, "\(end.errors)")
            for part in [":2:13: update_hz: ", ":5:1: tech: ", ":8:1: chart: ", ":3:1: themee: "] {
                #expect(lines.contains { $0.contains(file + part) }, "\(part) \(end.errors)")
            }
        }

        @Test func `a replay that finds nothing says so`() throws {
            let empty = scratch.path("empty.ndjson")
            try Data().write(to: URL(filePath: empty))
            let foreign = scratch.path("foreign.txt")
            try Data("Dear reader,\nnothing here is a frame.\n".utf8).write(
                to: URL(filePath: foreign))
            let nothing = try run(["replay", empty, "--no-screen"])
            #expect(nothing.status == 0 && nothing.errors.contains("no event"), "\(nothing)")
            let strange = try run(["replay", foreign, "--no-screen"])
            #expect(strange.errors.contains("2 dead letters say why"), "\(strange)")
            #expect(try strange.addsUp())
            let real = try run(["replay", `Real input`.file.path, "--no-screen"])
            #expect(real.errors.isEmpty, "\(real.errors)")
        }

        @Test func `a recording that is cut off says how much is missing`() throws {
            let recording = scratch.path("recording")
            let recorder = try ProgramUnderTest(["record", "--out", recording], in: scratch.url)
            let isRecording = Proof.eventually { recorder.errorsSoFar.contains("Ctrl-C ends it") }
            #expect(isRecording)
            // The first second's sync has the day of history and some trades behind it.
            SystemClock.sleepThread(.seconds(2))
            recorder.kill(SIGINT)
            #expect(try recorder.waitForEnd().status == 0)
            let whole = try run(["replay", recording, "--no-screen"])
            #expect(whole.errors.isEmpty, "\(whole.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: recording)
            let name = try #require(names.first { $0.hasSuffix(".journal") })
            let file = try FileHandle(forUpdating: URL(filePath: recording + "/" + name))
            try file.truncate(atOffset: file.seekToEnd() - 7)
            try file.close()
            let cut = try run(["replay", recording, "--no-screen"])
            #expect(cut.status == 0 && cut.errors.contains("are cut off or damaged"), "\(cut)")
            #expect(try cut.count("received") < whole.count("received"))
        }

        @Test func `record tells of a feed that does not answer, and ends in order`() throws {
            let program = try ProgramUnderTest(
                [
                    "record", "--feed", "binance", "--url", "ws://127.0.0.1:1/stream", "--out",
                    scratch.path("recording"),
                ], in: scratch.url)
            let isTold = Proof.eventually { program.errorsSoFar.contains("the feed is down: ") }
            #expect(isTold, "\(program.errorsSoFar)")
            // As a hasty person presses Ctrl-C.
            for _ in 0..<3 { program.kill(SIGINT) }
            let end = try program.waitForEnd()
            #expect(end.status == 0 && !end.errors.contains("ERROR"), "\(end.errors)")
        }

        @Test func `serve tells of a feed that goes and comes back`() throws {
            let provider = try SimulatedProvider(
                in: scratch, rate: 100, faults: ["--disconnect-every", "2"])
            let program = try provider.subscriber(store: "store", in: scratch, environment: [:])
            let isBack = Proof.eventually { program.errorsSoFar.contains("the feed is back") }
            #expect(isBack, "\(program.errorsSoFar)")
            #expect(program.errorsSoFar.contains("the feed is down: "))
            program.kill(SIGTERM)
            #expect(try program.waitForEnd().status == 0)
            _ = try provider.finish()
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
