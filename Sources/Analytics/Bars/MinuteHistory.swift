import MarketModel

/// What the rules compare with: the closes and volumes of the one-minute bars that are final.
struct MinuteHistory: BitwiseCopyable, Sendable {
    static let closesMax = 20
    static let minutesMax = 20

    /// Ascending by minute, the first `closeCount` of them filled.
    private var closeMinutes = InlineArray<20, Int64>(repeating: 0)
    private var closePrices = InlineArray<20, Int64>(repeating: 0)
    private var closeCount = 0
    /// By minute & 31: twenty, and room for the two or three that are not old enough.
    private var volumes = InlineArray<32, Int128>(repeating: 0)
    /// The newest minute in `volumes`; quiet minutes up to it are 0.
    private var newestMinute = Int64.min

    init() {}

    /// Books a minute's bar that has become final, or was amended after that. Minutes count from
    /// 1970.
    mutating func record(minute: Int64, volume: Int128, close: Int64?) {
        recordVolume(volume, of: minute)
        if let close { recordClose(close, of: minute) }
    }

    private mutating func recordVolume(_ volume: Int128, of minute: Int64) {
        if newestMinute == .min { newestMinute = minute - 1 }
        if minute > newestMinute {
            for quiet in max(newestMinute + 1, minute - 31)...minute {
                volumes[Int(quiet & 31)] = 0
            }
            newestMinute = minute
        }
        if minute > newestMinute - 32 { volumes[Int(minute & 31)] = volume }
    }

    private mutating func recordClose(_ close: Int64, of minute: Int64) {
        var place = closeCount
        while place > 0, closeMinutes[place - 1] >= minute { place -= 1 }
        if place < closeCount, closeMinutes[place] == minute {
            closePrices[place] = close
            return
        }
        if closeCount == MinuteHistory.closesMax {
            guard place > 0 else { return }
            for index in 1..<place {
                closeMinutes[index - 1] = closeMinutes[index]
                closePrices[index - 1] = closePrices[index]
            }
            place -= 1
        } else {
            for index in stride(from: closeCount, to: place, by: -1) {
                closeMinutes[index] = closeMinutes[index - 1]
                closePrices[index] = closePrices[index - 1]
            }
            closeCount += 1
        }
        closeMinutes[place] = minute
        closePrices[place] = close
    }

    /// Mean, in price units, of at most the last `countMax` closes of minutes that began at
    /// `second` or later.
    func meanClose(since second: Int64, countMax: Int) -> (meanUnits: Double, count: Int) {
        var sum: Int128 = 0
        var count = 0
        var index = closeCount
        while index > 0, count < countMax, closeMinutes[index - 1] * 60 >= second {
            index -= 1
            sum += Int128(closePrices[index])
            count += 1
        }
        return (count == 0 ? 0 : wideAsDouble(sum) / Double(count), count)
    }

    /// Mean, in size units, of at most `countMax` minutes that ended at or before `second`, quiet
    /// ones too, and none that began before `firstSecond`.
    func meanVolume(endedBy second: Int64, since firstSecond: Int64, countMax: Int) -> (
        meanUnits: Double, count: Int
    ) {
        guard firstSecond <= second else { return (0, 0) }
        let last = second.flooredQuotient(60) - 1
        let first = -((-firstSecond).flooredQuotient(60))
        let count = min(last - first + 1, Int64(min(countMax, MinuteHistory.minutesMax)))
        guard count > 0 else { return (0, 0) }
        var sum: Int128 = 0
        for minute in (last - count + 1)...last where minute <= newestMinute {
            if minute > newestMinute - 32 { sum &+= volumes[Int(minute & 31)] }
        }
        return (wideAsDouble(sum) / Double(count), Int(count))
    }

    func encode(into writer: inout StateWriter) {
        writer.write(Int8(closeCount))
        for index in 0..<closeCount {
            writer.write(closeMinutes[index])
            writer.write(closePrices[index])
        }
        writer.write(newestMinute)
        for index in 0..<32 { writer.write(volumes[index]) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        let count: Int8 = try reader.read()
        guard count >= 0, count <= MinuteHistory.closesMax else {
            throw StateCodecError.malformed(field: "minute closes", byteOffset: reader.offset)
        }
        closeCount = Int(count)
        for index in 0..<closeCount {
            closeMinutes[index] = try reader.read()
            closePrices[index] = try reader.read()
        }
        newestMinute = try reader.read()
        for index in 0..<32 { volumes[index] = try reader.read() }
    }
}
