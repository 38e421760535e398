import Analytics
import MarketModel

extension TickerState {
    /// Works out the minutes that the two spike rules compare trades with. Once a second of engine
    /// time.
    mutating func measure(_ rules: RuleSettings) {
        guard let revision = bars.pointer?.pointee.minutesRevision else { return }
        let minute = time.secondsFloor.flooredQuotient(60)
        if minute != measuredMinute || revision != measuredRevision {
            measuredMinute = minute
            measuredRevision = revision
            measureMinutes(rules)
        }
    }

    /// What is measured against whole minutes, and so changes with them only: a session begins with
    /// a minute, too.
    @inline(never)
    private mutating func measureMinutes(_ rules: RuleSettings) {
        guard let bars = bars.pointer else { return }
        if rules.priceSpikeIsOn {
            let closes = bars.pointee.minuteCloses(PriceSpikeRule.closesMax, at: time)
            priceSpike.update(
                meanUnits: closes.meanUnits, count: closes.count,
                thresholdPercent: rules.priceSpikePercent)
        }
        if rules.volumeSpikeIsOn {
            let minutes = bars.pointee.minuteVolumes(VolumeSpikeRule.minutesMax, at: time)
            volumeSpike.update(
                meanUnits: minutes.meanUnits, count: minutes.count,
                threshold: rules.volumeSpikeRatio)
        }
    }
}
