import CRdKafka
import Foundation

/// Whether the brokers can be reached, from what librdkafka tells.
struct ConnectionWatch {
    private(set) var trouble: KafkaTrouble?

    /// An error of the client as a whole. `reason` without secrets.
    mutating func note(_ code: rd_kafka_resp_err_t, reason: String) {
        switch code {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            trouble = .authentication(reason: reason)
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE:
            if case .authentication = trouble { return }
            trouble = .brokerAway(reason: reason)
        default: break
        }
    }

    /// librdkafka's statistics, once a second: a broker that is up ends the trouble.
    mutating func note(statistics: String) {
        guard trouble != nil,
            let object = try? JSONSerialization.jsonObject(with: Foundation.Data(statistics.utf8)),
            let brokers = (object as? [String: Any])?["brokers"] as? [String: Any]
        else { return }
        let states = brokers.values.compactMap { ($0 as? [String: Any])?["state"] as? String }
        if states.contains("UP") { trouble = nil }
    }

    /// A message went through.
    mutating func noteProgress() { trouble = nil }
}
