import MarketModel

/// How long what arrived took until something was done with it: since it was received, and since
/// the time that it bears.
///
/// A simulated provider stamps the time at which it planned to send an event, so that the second
/// measure leaves nothing out: not what waited because sending, receiving or anything between was
/// late.
public struct ArrivalMeter: Sendable {
    private var sinceReceived = LatencyMeter()
    private var sinceHappened = LatencyMeter()

    public init() {}

    public mutating func record(_ arrival: Arrival, doneAt: Timestamp) {
        sinceReceived.record(
            nanoseconds: doneAt.nanosecondsSince(arrival.receivedAt), count: arrival.events)
        guard let happenedAt = arrival.happenedAt else { return }
        sinceHappened.record(
            nanoseconds: doneAt.nanosecondsSince(happenedAt), count: arrival.events)
    }

    public mutating func turnSecond() {
        sinceReceived.turnSecond()
        sinceHappened.turnSecond()
    }

    public var summary: ArrivalSummary {
        ArrivalSummary(
            received: sinceReceived.summary, happened: sinceHappened.summary,
            receivedInAll: sinceReceived.summaryOfAll, happenedInAll: sinceHappened.summaryOfAll)
    }
}
