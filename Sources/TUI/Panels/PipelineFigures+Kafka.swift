import Engine
import MarketModel

extension PipelineFigures {
    /// How the consumption stands; nothing when the log is not in Kafka.
    var kafka: [Line] {
        guard let kafka = state.status.kafka else { return [] }
        var lines = [consumer(kafka)]
        for one in kafka.stopped {
            guard case .stopped(let reason, let remedy) = one.state else { continue }
            lines.append(
                Line(
                    label: SafeText("part. \(one.partition)"),
                    text: SafeText("\(reason): \(remedy)"),
                    health: .bad, word: "STOPPED"))
        }
        if kafka.rests > 0 {
            let seconds = NumberText.fixed(Double(kafka.restedFor.components.seconds), places: 0)
            lines.append(
                Line(
                    label: "back-pr.",
                    text: SafeText("rested \(kafka.rests)×, \(seconds) s in all"),
                    health: kafka.isResting ? .warn : .ok, word: kafka.isResting ? "RESTS" : ""))
        }
        if kafka.repeats + kafka.missing + kafka.foreign > 0 {
            let text =
                "\(NumberText.grouped(kafka.repeats)) repeated "
                + "\(NumberText.grouped(kafka.missing)) missing "
                + "\(NumberText.grouped(kafka.foreign)) foreign"
            lines.append(
                Line(
                    label: "records", text: SafeText(text),
                    health: kafka.missing > 0 ? .warn : .ok,
                    word: kafka.missing > 0 ? "MISSING" : ""))
        }
        return lines
    }

    private func consumer(_ kafka: KafkaStatus) -> Line {
        let lag = kafka.lag.map { NumberText.grouped($0) } ?? "—"
        let copied = kafka.copyAge(now: now).map { " · copy \(NumberText.age($0))" } ?? ""
        let text =
            "lag \(lag) in \(kafka.partitions.count) partitions · "
            + "\(kafka.rebalances) rebalances\(copied)"
        var line = Line(label: "kafka", text: SafeText(text), word: "ok")
        if let lag = kafka.lag, lag > 5000 {
            line.health = lag > 10_000 ? .bad : .warn
            line.word = "BEHIND"
        }
        switch kafka.state {
        case .starting, .connecting:
            line.word = "starting"
            line.health = .warn
        case .disconnected:
            line.word = "AWAY"
            line.health = .bad
        case .refused:
            line.word = "REFUSED"
            line.health = .bad
        case .live, .ended: break
        }
        return line
    }
}
