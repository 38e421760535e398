import MarketModel

extension ArrivalSummary {
    func encode(into writer: inout StateWriter) {
        for summary in [received, happened, receivedInAll, happenedInAll] {
            summary.encode(into: &writer)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            received: try LatencySummary(from: &reader),
            happened: try LatencySummary(from: &reader),
            receivedInAll: try LatencySummary(from: &reader),
            happenedInAll: try LatencySummary(from: &reader))
    }
}

extension LatencySummary {
    func encode(into writer: inout StateWriter) {
        for span in [p50, p99, p999, max] { writer.write(span) }
        writer.write(count)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        p50 = try reader.readDuration()
        p99 = try reader.readDuration()
        p999 = try reader.readDuration()
        max = try reader.readDuration()
        count = try reader.read()
    }
}

extension SpanCounts {
    func encode(into writer: inout StateWriter) {
        writer.writeList(counts) { writer, count in writer.write(count) }
        writer.write(count)
        writer.write(sumSeconds)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        counts = try reader.readList("span counts") { reader throws(StateCodecError) in
            try reader.read()
        }
        guard counts.count == SpanCounts.edgesSeconds.count else {
            throw StateCodecError.malformed(field: "span counts", byteOffset: reader.offset)
        }
        count = try reader.read()
        sumSeconds = try reader.readDouble()
    }
}

extension PipelineFindings {
    func encode(into writer: inout StateWriter) {
        let kinds = episodesOpened.sorted { $0.key.rawValue < $1.key.rawValue }
        writer.writeList(kinds) { writer, opened in
            writer.write(opened.key.rawValue)
            writer.write(opened.value)
        }
        writer.write(articlesScored)
        writer.writeList(refusals.sorted { $0.key < $1.key }) { writer, refused in
            writer.write(refused.key)
            writer.write(refused.value)
        }
        writer.writeList(countedTo.sorted { $0.key < $1.key }) { writer, counted in
            writer.write(counted.key)
            writer.write(counted.value)
        }
        receiveToApplied.encode(into: &writer)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        for _ in 0..<(try reader.readCount("episodes opened")) {
            let kind: AnomalyKind = try reader.readName("kind")
            episodesOpened[kind] = try reader.read()
        }
        articlesScored = try reader.read()
        for _ in 0..<(try reader.readCount("refusals")) {
            let field = try reader.readString()
            refusals[field] = try reader.read()
        }
        for _ in 0..<(try reader.readCount("positions counted to")) {
            let partition: Int32 = try reader.read()
            countedTo[partition] = try reader.readPosition()
        }
        receiveToApplied = try SpanCounts(from: &reader)
    }
}
