import Foundation
import TestSupport
import Testing

/// What engines tell, beside what another tells of the same log.
extension KafkaRig {
    /// So that there are anomalies.
    static let rules = ["TICKTOP_RULES_VELOCITY_PERCENT": "0.01"]
    static let derived = rules.merging(["TICKTOP_KAFKA_DERIVED": "true"]) { $1 }
    private static let names = ["aggregations", "bars", "anomalies", "sentiment"]

    /// For an engine whose derived topics are its own, to be compared.
    static let derivedApart = names.reduce(into: derived) { environment, name in
        environment["TICKTOP_KAFKA_\(name.uppercased())_TOPIC"] = "one.\(name)"
    }

    /// The derived topics beside those of an engine that told all of it undisturbed.
    func differingTopics() throws -> (differing: String, said: String) {
        let text = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/compare_topics.py",
            [broker.address] + KafkaRig.names.map { "market.\($0)=one.\($0)" })
        let report = try JSONSerialization.jsonObject(with: text) as? [String: [String: Any]] ?? [:]
        #expect(report.count == KafkaRig.names.count)
        var differing = ""
        var said: [String] = []
        for (topic, found) in report.sorted(by: { $0.key < $1.key }) {
            for kind in ["changed", "differing"] {
                let names = found[kind] as? [String] ?? ["?"]
                if !names.isEmpty { differing += "\(topic) \(kind) \(names); " }
            }
            said.append("\(topic) \(found["messages"] ?? "?") with \(found["ids"] ?? "?") ids")
        }
        return (differing, said.joined(separator: ", "))
    }
}
