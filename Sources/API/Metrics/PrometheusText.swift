import Engine

/// Builds the Prometheus text format, version 0.0.4.
struct PrometheusText {
    enum Kind: String { case counter, gauge, histogram }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// One metric: its help, its type, then its samples. Names get the prefix `ticktop_`.
    mutating func metric(
        _ name: String, _ kind: Kind, _ help: String,
        _ samples: [(labels: [(String, String)], value: Double)]
    ) {
        header(name, kind, help)
        for sample in samples { line("ticktop_" + name, sample.labels, sample.value) }
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        metric(name, .gauge, help, [([], value)])
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int64) {
        metric(name, .counter, help, [([], Double(value))])
    }

    mutating func histogram(
        _ name: String, _ help: String, _ series: [(labels: [(String, String)], spans: SpanCounts)]
    ) {
        header(name, .histogram, help)
        for (labels, spans) in series {
            var below: Int64 = 0
            for (edge, count) in zip(SpanCounts.edgesSeconds, spans.counts) {
                below += count
                line("ticktop_\(name)_bucket", labels + [("le", "\(edge)")], Double(below))
            }
            line("ticktop_\(name)_bucket", labels + [("le", "+Inf")], Double(spans.count))
            line("ticktop_\(name)_sum", labels, spans.sumSeconds)
            line("ticktop_\(name)_count", labels, Double(spans.count))
        }
    }

    private mutating func header(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP ticktop_\(name) \(help)\n# TYPE ticktop_\(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{"
            text += labels.map { "\($0.0)=\"\(PrometheusText.escaped($0.1))\"" }
                .joined(separator: ",")
            text += "}"
        }
        let isWhole = value.rounded() == value && abs(value) < 1e15
        text += isWhole ? " \(Int64(value))\n" : " \(value)\n"
    }

    private static func escaped(_ label: String) -> String {
        label.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
