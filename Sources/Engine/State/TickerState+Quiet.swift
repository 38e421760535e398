import Analytics
import MarketModel

/// A ticker without events is left alone: of 8 000 tickers most are quiet in most seconds, and to
/// touch each at every clock record cost more than all their trades.
///
/// Two things wait. Clock records pass over a ticker until `nextWake`, when something would be sent
/// for it. And windows and rules stay where they are until somebody looks at them. Both end where
/// turning at every record ends: nothing is sent meanwhile, windows slide as far in one step as in
/// many (a session's begin is a wake), and rules are measured from what is there at the end.
extension TickerState {
    /// The engine time from which a clock record concerns this ticker.
    mutating func nextWake(_ plan: EnginePlan) -> Timestamp {
        // Plain to see, without a look at what lies far off.
        if plan.isPlain, !isAttended, !mayHaveGaps { return wakeAfterEvent(plan) }
        // These may send something at any second.
        let isBusy =
            (isFeatureUnsent && plan.sendsFeatures) || hasUnsentBars || crossedMarket.isWatching
            || !episodes.isEmpty
            || mayHaveGaps || !news.waiting.isEmpty
        if isBusy { return secondEnd }
        isAttended = false
        let nextClose = bars.pointer?.pointee.nextClose ?? Timestamp(nanoseconds: .max)
        var wake = nextClose.advanced(byNanoseconds: plan.latenessNanoseconds)
        if isQuoteUnsampled {
            let sampled = Timestamp(nanoseconds: quoteSecondEnd)
            wake = min(wake, sampled.advanced(byNanoseconds: plan.latenessNanoseconds))
        }
        return max(secondEnd, min(wake, windows.sessionEnd))
    }

    /// The same right after an event: soon, unless it is plain that nothing is to be sent.
    @inline(__always)
    mutating func wakeAfterEvent(_ plan: EnginePlan) -> Timestamp {
        guard plan.isPlain, !isAttended, !mayHaveGaps else { return secondEnd }
        guard isQuoteUnsampled else { return max(secondEnd, windows.sessionEnd) }
        let sampled = Timestamp(nanoseconds: quoteSecondEnd)
            .advanced(byNanoseconds: plan.latenessNanoseconds)
        return max(secondEnd, min(sampled, windows.sessionEnd))
    }

    /// The same right after a quote, which leaves all other reasons as they were `before` it, and
    /// windows untouched.
    @inline(__always)
    mutating func wakeAfterQuote(_ plan: EnginePlan, before wake: Timestamp) -> Timestamp {
        guard plan.isPlain, !isAttended, !mayHaveGaps else { return secondEnd }
        guard isQuoteUnsampled else { return wake }
        let sampled = Timestamp(nanoseconds: quoteSecondEnd)
            .advanced(byNanoseconds: plan.latenessNanoseconds)
        return max(secondEnd, min(sampled, wake))
    }

    private var hasUnsentBars: Bool {
        mutating get { bars.pointer?.pointee.hasUnsent ?? false }
    }

    /// Does what the clock records that have passed over the ticker would have done, but for its
    /// windows and rules.
    @inline(__always)
    mutating func passTime(to clockFloor: Timestamp, _ plan: EnginePlan) {
        guard clockFloor > time else { return }
        time = clockFloor
        guard time >= secondEnd else { return }
        turnQuietly(plan.latenessNanoseconds)
    }

    @inline(never)
    private mutating func turnQuietly(_ latenessNanoseconds: Int64) {
        secondEnd = Timestamp(seconds: time.secondsFloor + 1)
        bars.pointer?.pointee.pass(upTo: time.advanced(byNanoseconds: -latenessNanoseconds))
        isUnsettled = true
        isShown = false
    }

    /// Slides the windows to engine time and measures the rules anew, if that waits.
    @inline(__always)
    mutating func settle(_ plan: EnginePlan, _ rules: RuleSettings) {
        guard isUnsettled else { return }
        isUnsettled = false
        windows.advance(to: time)
        if plan.comparesMinutes { measure(rules) }
    }
}
