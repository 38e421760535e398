import MarketModel

extension IndicatorReading {
    func encode(into writer: inout StateWriter) {
        writer.write(interval.rawValue)
        writer.write(barCount)
        writer.write(closedStart)
        writer.writeOptional(closed) { writer, values in values.encode(into: &writer) }
        writer.writeOptional(live) { writer, values in values.encode(into: &writer) }
        writer.write(liveStart)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(interval: try reader.readInterval(), barCount: try reader.read())
        closedStart = try reader.readTimestampIfAny()
        closed = try reader.readOptional { reader throws(StateCodecError) in
            try IndicatorValues(from: &reader)
        }
        live = try reader.readOptional { reader throws(StateCodecError) in
            try IndicatorValues(from: &reader)
        }
        liveStart = try reader.readTimestampIfAny()
    }
}

extension IndicatorValues {
    func encode(into writer: inout StateWriter) {
        writer.writeList(averages) { writer, averages in
            writer.write(Int64(averages.period))
            writer.write(averages.simple)
            writer.write(averages.exponential)
            writer.write(averages.weighted)
        }
        for number in [
            rsi, macd, macdSignal, standardDeviation, bollingerUpper, bollingerMiddle,
            bollingerLower, stochasticK, stochasticD, averageTrueRange,
        ] { writer.write(number) }
        for strength in patterns.all { writer.write(strength) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        let count = try reader.readCount("averages")
        guard count <= IndicatorValues.averagesMax else {
            throw StateCodecError.malformed(field: "averages", byteOffset: reader.offset)
        }
        for _ in 0..<count {
            var averages = MovingAverages(period: try reader.readInt())
            averages.simple = try reader.readDoubleIfAny()
            averages.exponential = try reader.readDoubleIfAny()
            averages.weighted = try reader.readDoubleIfAny()
            append(averages)
        }
        rsi = try reader.readDoubleIfAny()
        macd = try reader.readDoubleIfAny()
        macdSignal = try reader.readDoubleIfAny()
        standardDeviation = try reader.readDoubleIfAny()
        bollingerUpper = try reader.readDoubleIfAny()
        bollingerMiddle = try reader.readDoubleIfAny()
        bollingerLower = try reader.readDoubleIfAny()
        stochasticK = try reader.readDoubleIfAny()
        stochasticD = try reader.readDoubleIfAny()
        averageTrueRange = try reader.readDoubleIfAny()
        patterns = try CandlePatterns(from: &reader)
    }
}

extension CandlePatterns {
    fileprivate var all: [Int8] {
        [doji, hammer, shootingStar, engulfing, harami, morningStar, eveningStar]
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        doji = try reader.read()
        hammer = try reader.read()
        shootingStar = try reader.read()
        engulfing = try reader.read()
        harami = try reader.read()
        morningStar = try reader.read()
        eveningStar = try reader.read()
    }
}
