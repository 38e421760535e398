import MarketModel

extension StoredRows where Row == Listing {
    public static var listings: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try Listing(from: &reader) })
    }
}

extension StoredRows where Row == EarningsReport {
    public static var earnings: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try EarningsReport(from: &reader) })
    }
}

extension Listing {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(name)
        writer.write(segment?.rawValue)
        writer.write(sector)
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), name: try reader.readString(),
            segment: try reader.readOptional { reader throws(StateCodecError) in
                try reader.readName("segment")
            }, sector: try reader.readStringIfAny())
    }
}

extension EarningsReport {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(Int64(fiscalYear))
        writer.write(Int64(quarter))
        writer.write(periodEnd?.daysSince1970)
        writer.write(reportedOn?.daysSince1970)
        writer.write(hour?.rawValue)
        writer.write(estimate)
        writer.write(actual)
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), fiscalYear: try reader.readInt(),
            quarter: try reader.readInt(),
            periodEnd: try reader.readIntegerIfAny().map { CivilDate(daysSince1970: $0) },
            reportedOn: try reader.readIntegerIfAny().map { CivilDate(daysSince1970: $0) },
            hour: try reader.readOptional { reader throws(StateCodecError) in
                try reader.readName("hour")
            }, estimate: try reader.readPriceIfAny(), actual: try reader.readPriceIfAny())
    }
}
