import CRdKafka
import TestSupport

/// librdkafka's own cluster inside the process: for errors that a real broker does not make on
/// demand. It keeps the newest twenty thousand messages only.
final class MockBrokers {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    init(count: Int32 = 1) throws {
        var reason = [CChar](repeating: 0, count: 256)
        guard
            let client = rd_kafka_new(
                RD_KAFKA_PRODUCER, rd_kafka_conf_new(), &reason, reason.count),
            let cluster = rd_kafka_mock_cluster_new(client, count)
        else { throw TestBroker.Failure(description: "no mock cluster") }
        self.client = client
        self.cluster = cluster
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    var address: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    func makeTopic(_ name: String, partitions: Int32) throws {
        let code = rd_kafka_mock_topic_create(cluster, name, partitions, 1)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw TestBroker.Failure(description: "no mock topic: \(code)")
        }
    }

    /// The next produce requests are answered with these errors, in order.
    func failProducing(_ codes: [rd_kafka_resp_err_t]) {
        var codes = codes
        // ApiKey 0 of the protocol is Produce.
        rd_kafka_mock_push_request_errors_array(cluster, 0, codes.count, &codes)
    }
}
