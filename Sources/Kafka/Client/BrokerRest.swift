import CRdKafka
import MarketModel

/// Keeps a consumer from asking without end where a broker does not wait for new records.
///
/// Asked at the end of a log, a broker holds its answer back until there is something, at most for
/// `fetch.wait.max.ms`. One that answers at once, with nothing, is asked again at once: six
/// thousand times a second on each connection, for a third of a core here and as much there. So
/// after such an answer the connection rests. After one that has waited it never does.
enum BrokerRest {
    private static let length = Duration.milliseconds(2)
    /// An answer without records is no longer, unless it is of many partitions.
    private static let emptyBytesMax = 512
    /// Half of `fetch.wait.max.ms`: whoever answers sooner has not waited.
    private static let promptMicroseconds: Int64 = 50_000
    /// As the protocol numbers requests.
    private static let fetch: Int16 = 1

    /// For a client that is being made; on its broker threads.
    static func prepare(_ client: OpaquePointer?) -> rd_kafka_resp_err_t {
        rd_kafka_interceptor_add_on_response_received(
            client, "ticktop rest",
            { _, _, _, _, request, _, _, bytes, microseconds, error, _ in
                if request == BrokerRest.fetch, error == RD_KAFKA_RESP_ERR_NO_ERROR,
                    bytes <= BrokerRest.emptyBytesMax,
                    (0..<BrokerRest.promptMicroseconds).contains(microseconds)
                {
                    SystemClock.sleepThread(BrokerRest.length)
                }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }, nil)
    }
}
