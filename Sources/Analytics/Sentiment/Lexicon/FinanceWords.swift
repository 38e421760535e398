/// Words that mean something of their own in a headline about a company, rated in [-4, 4].
///
/// Compiled and rated for ticktop, from no other lexicon (NOTICE). Each line is a rating, then the
/// words rated so; a word that VADER rates too takes this rating. Words that are neutral in a
/// headline of the market but not in ordinary talk ("share", "debt") are rated zero.
enum FinanceWords {
    static let lines = """
        3.0 skyrocket skyrockets skyrocketed skyrocketing
        2.6 soar soars soared soaring surge surges surged surging blockbuster
        2.2 beat beats beating outperform outperforms outperformed outperforming
        2.2 rally rallies rallied
        2.0 upgrade upgrades upgraded record bullish breakout buyback buybacks jump jumps jumped
        1.8 raise raises raised exceed exceeds exceeded topped tops upbeat
        1.8 rebound rebounds rebounded
        1.5 gain gains gained rise rises rose rising climb climbs climbed overweight accretive
        1.2 approval approved approves dividend expands expansion upside momentum reaffirms
        0.8 reiterates initiates acquires acquisition partnership contract
        0.0 share shares stock stocks debt tax cost costs crude short call put margin vice gross
        0.0 lower low cut-off fool capital liability liabilities depreciation
        -0.8 halt halts halted dilution dilutive underweight mixed
        -1.2 delay delays delayed recall recalls recalled layoff layoffs headwind headwinds caution
        -1.5 dip dips dipped slip slips slipped fall falls fell falling drop drops dropped cut cuts
        -1.5 decline declines declined lowers lowered slide slides slid
        -1.8 probe probes probed investigation subpoena lawsuit lawsuits sue sues sued antitrust
        -1.8 fine fined short-seller bearish selloff sell-off shortfall writedown write-down
        -1.8 impairment
        -2.0 miss misses missed missing downgrade downgrades downgraded underperform underperforms
        -2.0 underperformed warn warns warned warning slump slumps slumped sink sinks sank tumble
        -2.0 tumbles tumbled breach breaches hack hacked outage
        -2.4 plunge plunges plunged plunging plummet plummets plummeted delist delisted delisting
        -2.8 crash crashes crashed default defaults defaulted restatement restates halting
        -3.2 bankrupt bankruptcy insolvent insolvency fraud ponzi chapter-11
        """

    static var ratings: [String: Double] {
        var ratings: [String: Double] = [:]
        for line in lines.split(separator: "\n") {
            let columns = line.split(separator: " ")
            guard let rating = Double(columns[0]) else {
                preconditionFailure("a line of the lexicon opens with no rating: \(line)")
            }
            for word in columns.dropFirst() { ratings[String(word)] = rating }
        }
        return ratings
    }
}
