import Engine
import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

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
            #"ticktop_anomalies_detected_total{"kind": "volume_spike"}"#: 1,
            #"ticktop_anomalies_detected_total{"kind": "velocity"}"#: 0,
            "ticktop_sentiment_analyzed_total{}": 1,
            #"ticktop_validation_failures_total{"field": "p"}"#: 1,
            "ticktop_processing_latency_seconds_count{}": 12,
            #"ticktop_processing_latency_seconds_bucket{"le": "0.001"}"#: 10,
            #"ticktop_processing_latency_seconds_bucket{"le": "+Inf"}"#: 12,
            "ticktop_storage_write_latency_seconds_count{}": 1,
            "ticktop_storage_write_latency_seconds_sum{}": 0.03,
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
    }

    @Test func `are all there that dashboard, alerts and runbook name`() async throws {
        let body = try await SidePort().serve { http in
            _ = await http.get("/quotes/AAPL")
            return await http.get("/metrics").body
        }
        let output = try ReferenceProgram.run(
            "Tests/APITests/Reference/dashboards.py", [ReferenceProgram.root.path])
        let used = try JSONDecoder().decode([String: [String]].self, from: output)
        let shown = Set(
            body.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { String($0.prefix { $0 != "{" && $0 != " " }) })
        for (file, names) in used {
            #expect(names.count >= 5, "\(file)")
            for name in names {
                #expect(
                    shown.contains(name) || shown.contains(name + "_bucket"),
                    "\(file) names \(name)")
            }
        }
    }

    @Test func `count an episode once, however often it is sent`() {
        var findings = PipelineFindings()
        var effects = EffectBatch()
        var episode = Morning.episode("a", .velocity, "AAPL", .low, isOpen: true, minute: 1)
        episode.hits = 1
        effects.episodes = [episode]
        findings.count(effects)
        effects.episodes[0].hits = 2
        findings.count(effects)
        effects.episodes[0].isOpen = false
        findings.count(effects)
        #expect(findings.episodesOpened == [.velocity: 1])
    }

    @Test func `keep the number of fields bounded, whatever is refused`() {
        var findings = PipelineFindings()
        var effects = EffectBatch()
        effects.deadLetters = (0..<1000).map { index in
            var letter = Morning.rows.deadLetters[0]
            letter.refusal.field = "field\(index)"
            return letter
        }
        findings.count(effects)
        #expect(findings.refusals.count == 65)
        #expect(findings.refusals["other"] == 936)
    }
}
