import Engine
import Synchronization

/// What the port itself has answered.
final class RequestMetrics: Sendable {
    private struct Answer: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Counts {
        var answers: [Answer: Int64] = [:]
        var spansByRoute: [String: SpanCounts] = [:]
    }

    private let counts = Mutex(Counts())
    /// WebSockets that are open now.
    let openStreams = Atomic(0)

    /// `route` is the pattern, never the path: the number of labels stays bounded.
    func record(method: String, route: String, status: Int, nanoseconds: Int64) {
        counts.withLock {
            let answer = Answer(method: method, route: route, status: status)
            $0.answers[answer, default: 0] += 1
            $0.spansByRoute[route, default: SpanCounts()].record(nanoseconds: nanoseconds)
        }
    }

    func write(to text: inout PrometheusText) {
        let counts = counts.withLock { $0 }
        let answers = counts.answers.sorted {
            ($0.key.route, $0.key.method, $0.key.status)
                < ($1.key.route, $1.key.method, $1.key.status)
        }
        text.gauge(
            "active_websocket_connections", "WebSockets that are open.",
            Double(openStreams.load(ordering: .relaxed)))
        text.metric(
            "api_requests_total", .counter, "Requests answered.",
            answers.map { answer, count in
                let labels = [
                    ("method", answer.method), ("route", answer.route),
                    ("status", String(answer.status)),
                ]
                return (labels, Double(count))
            })
        text.histogram(
            "api_request_duration_seconds", "From the headers to the answer made.",
            counts.spansByRoute.sorted { $0.key < $1.key }.map { ([("route", $0.key)], $0.value) })
    }
}

extension RequestMetrics {
    private static let methods: Set = [
        "GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS",
    ]

    /// Methods a client made up are one label.
    static func methodLabel(_ method: String) -> String {
        methods.contains(method) ? method : "other"
    }
}
