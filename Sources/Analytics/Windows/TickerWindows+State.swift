import MarketModel

/// State as bytes. Sums that follow from the slots are not written but added up again.
extension TickerWindows {
    public func encode(into writer: inout StateWriter) {
        writer.write(slot)
        current.encode(into: &writer)
        writer.write(currentTradeCount)
        currentExtremes.encode(into: &writer)
        writer.write(lastPrice)
        writer.write(lastOrder.executed)
        writer.write(lastOrder.sequence)
        writer.write(ordinal)
        session.encode(into: &writer)
        change.encode(into: &writer)
        sizes.encode(into: &writer)
        writer.write(priceMinuteAgo)
        writer.write(orderMinuteAgo.executed)
        writer.write(orderMinuteAgo.sequence)
        writer.write(firstSlot)
        writer.write(newestSlot)
        for age in 1...4 { extremes(age: age, before: slot).encode(into: &writer) }
        encodeSlots(into: &writer)
    }

    private func encodeSlots(into writer: inout StateWriter) {
        var rank = 0
        for age in 1..<SlotRing.span where ring.ages[age] {
            let totals = ring.totals(rank)
            rank += 1
            guard totals != .zero else { continue }
            writer.write(Int16(age))
            totals.encode(into: &writer)
        }
        writer.write(Int16(0))
        rank = 0
        for age in 1..<SlotRing.minute where ring.ages[age] {
            let second = ring.second(rank)
            rank += 1
            guard second.hasPrice || second.tradeCount > 0 else { continue }
            writer.write(Int16(age))
            writer.write(second.price)
            writer.write(second.sequence)
            writer.write(second.nanosecond)
            writer.write(second.tradeCount)
        }
        writer.write(Int16(0))
    }

    /// Reads what `encode` wrote. Settings are not in it: they come with the log.
    public init(
        from reader: inout StateReader, symbol: Symbol, market: Market,
        settings: AnalyticsSettings, memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) {
        self.init(symbol: symbol, market: market, settings: settings, memory: memory)
        slot = try reader.read()
        if slot != .min {
            slotStart = slot &* 1_000_000_000
            slotEnd = slotStart > .max - 1_000_000_000 ? .max : slotStart + 1_000_000_000
        }
        current = try SlotTotals(from: &reader)
        currentTradeCount = try reader.read()
        currentExtremes = try PriceExtremes(from: &reader)
        lastPrice = try reader.read()
        lastOrder = TradeOrder(executed: try reader.read(), sequence: try reader.read())
        ordinal = try reader.read()
        if slot != .min { day = TradingDay(slot: slot, market: market) }
        session = try SessionTotals(
            from: &reader, slot: slot == .min ? 0 : slot,
            of: day ?? TradingDay(slot: 0, market: .continuous))
        change = try ChangeReference(from: &reader, today: today)
        sizes = try RecentSizes(from: &reader)
        priceMinuteAgo = try reader.read()
        orderMinuteAgo = TradeOrder(executed: try reader.read(), sequence: try reader.read())
        firstSlot = try reader.read()
        newestSlot = try reader.read()
        for age in 1...4 {
            let decoded = try PriceExtremes(from: &reader)
            extremes[Int(truncatingIfNeeded: (slot &- Int64(age)) & 3)] = decoded
            if !decoded.isEmpty { extremeAges |= 1 << UInt8(age) }
        }
        combineExtremes(before: slot)
        try decodeSlots(from: &reader)
    }

    private mutating func decodeSlots(from reader: inout StateReader) throws(StateCodecError) {
        while let age = try readAge(from: &reader, below: SlotRing.span) {
            let totals = try SlotTotals(from: &reader)
            _ = ring.add(totals, age: age)
            fiveMinutes += totals
            guard age < SlotRing.minute else { continue }
            minuteVolume &+= totals.volume
            minuteNotional &+= totals.notional
        }
        while let age = try readAge(from: &reader, below: SlotRing.minute) {
            var second = ClosedSecond()
            second.price = try reader.read()
            second.sequence = try reader.read()
            second.nanosecond = try reader.read()
            second.tradeCount = try reader.read()
            ring.setSecond(second, ring.add(.zero, age: age))
            minuteTradeCount += Int64(second.tradeCount)
        }
    }

    /// `nil` at the end of a list of slots.
    private func readAge(from reader: inout StateReader, below count: Int) throws(StateCodecError)
        -> Int?
    {
        let age: Int16 = try reader.read()
        guard age >= 0, age < count else {
            throw StateCodecError.malformed(field: "slot age", byteOffset: reader.offset)
        }
        return age == 0 ? nil : Int(age)
    }
}
