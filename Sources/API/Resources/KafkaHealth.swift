import Engine
import MarketModel

extension HealthWatch {
    /// Of the consumption: a partition that stands still or a long lag is the worst of it.
    static func kafka(_ status: KafkaStatus) -> ComponentHealth {
        var health = ComponentHealth()
        switch status.state {
        case .starting: health.note(.degraded, "no partition is ours yet")
        case .connecting(let attempt): health.note(.degraded, "connecting, attempt \(attempt)")
        case .disconnected(let reason, _): health.note(.degraded, reason)
        case .refused(let reason, let remedy): health.note(.unhealthy, "\(reason); \(remedy)")
        case .live, .ended: break
        }
        for partition in status.stopped {
            guard case .stopped(let reason, let remedy) = partition.state else { continue }
            health.note(
                .unhealthy, "partition \(partition.partition) stands still: \(reason); \(remedy)")
        }
        if status.missing > 0 {
            health.note(.degraded, "\(status.missing) records are missing from the log")
        }
        guard let lag = status.lag, lag > lagMax else { return health }
        if lag > lagFarTooLong {
            health.note(.unhealthy, "consumer lag \(lag), more than \(lagFarTooLong)")
        } else {
            health.note(.degraded, "consumer lag \(lag), more than \(lagMax)")
        }
        return health
    }
}
