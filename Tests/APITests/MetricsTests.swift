import API
import Foundation
import TestSupport
import Testing

@Suite struct `API metrics` {
    private static let requests =
        #"ticktop_api_requests_total{"method": "GET", "route": "/quotes/{ticker}", "#

    @Test func `read as the pipeline's own figures in the reference parser`() async throws {
        let body = try await SidePort().serve { http in
            _ = await http.get("/quotes/AAPL")
            _ = await http.get("/quotes/BRK%2FB")
            _ = await http.get("/quotes/NOPE")
            _ = await http.get("/wherever")
            let answer = await http.get("/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            return answer.body
        }
        let output = try ReferenceProgram.run(
            "Tests/APITests/Reference/metrics.py", input: Data(body.utf8))
        let samples = try JSONDecoder().decode([String: Double].self, from: output)
        let expected = [
            #"ticktop_tick_messages_received_total{"source": "massive"}"#: 10.0,
            #"ticktop_tick_messages_total{"class": "applied", "source": "massive"}"#: 7,
            #"ticktop_tick_messages_total{"class": "shed", "source": "massive"}"#: 0,
            #"ticktop_messages_ignored_total{"type": "we\"ird\\\n"}"#: 2,
            "ticktop_dead_letters_total{}": 1, "ticktop_messages_per_second{}": 812.5,
            "ticktop_feed_up{}": 1, "ticktop_start_time_seconds{}": 1_767_364_200,
            #"ticktop_storage_write_latency_quantile_seconds{"quantile": "0.99"}"#: 0.0125,
            Self.requests + #""status": "200"}"#:
                2,
            Self.requests + #""status": "404"}"#:
                1,
            #"ticktop_api_requests_total{"method": "GET", "route": "none", "status": "404"}"#: 1,
            #"ticktop_api_request_duration_seconds_count{"route": "/quotes/{ticker}"}"#: 3,
        ]
        for (name, value) in expected { #expect(samples[name] == value, "\(name)") }
        #expect(
            samples.keys.contains { $0.hasPrefix("ticktop_processing_latency") } == false,
            "nothing was measured, so nothing is shown")
    }
}
