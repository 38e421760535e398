import MarketModel

/// The pipeline's health as bytes: all of it but who is attached.
extension PipelineStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(label.rawValue)
        writer.write(feedName)
        feed.encode(into: &writer)
        writer.write(startedAt)
        writer.write(Int64(reconnects))
        writer.writeOptional(news) { writer, news in news.encode(into: &writer) }
        writer.writeOptional(replay) { writer, replay in replay.encode(into: &writer) }
        writer.writeOptional(recording) { writer, recording in recording.encode(into: &writer) }
        writer.writeOptional(kafka) { writer, kafka in kafka.encode(into: &writer) }
        writer.write(lastEventReceivedAt)
        writer.write(receivedPerSecond)
        writer.write(Int64(queueBytes))
        writer.write(Int64(queueBytesMax))
        writer.write(journalBytes)
        applied.encode(into: &writer)
        durable.encode(into: &writer)
        findings.encode(into: &writer)
        store.encode(into: &writer)
        writer.write(storePath)
        writer.write(storeBytes)
        writer.write(walBytes)
        commitLatency.encode(into: &writer)
        commits.encode(into: &writer)
        writer.write(committedPosition)
        writer.write(Int64(deadLetterDepth))
        writer.write(Int64(backpressureCount))
        writer.write(storeCapReached)
        writer.write(apiAddress)
        writer.write(apiError)
        writer.write(recoveryNote)
        writer.writeList(warnings) { writer, text in writer.write(text) }
        writer.write(isViewer)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        label = try reader.readName("label")
        feedName = try reader.readString()
        feed = try FeedState(from: &reader)
        startedAt = try reader.readTimestampIfAny()
        reconnects = try reader.readInt()
        news = try reader.readOptional { reader throws(StateCodecError) in
            try NewsStatus(from: &reader)
        }
        replay = try reader.readOptional { reader throws(StateCodecError) in
            try ReplayStatus(from: &reader)
        }
        recording = try reader.readOptional { reader throws(StateCodecError) in
            try RecordingStatus(from: &reader)
        }
        kafka = try reader.readOptional { reader throws(StateCodecError) in
            try KafkaStatus(from: &reader)
        }
        lastEventReceivedAt = try reader.readTimestampIfAny()
        receivedPerSecond = try reader.readDouble()
        queueBytes = try reader.readInt()
        queueBytesMax = try reader.readInt()
        journalBytes = try reader.read()
        applied = try ArrivalSummary(from: &reader)
        durable = try ArrivalSummary(from: &reader)
        findings = try PipelineFindings(from: &reader)
        try readStore(from: &reader)
    }

    private mutating func readStore(from reader: inout StateReader) throws(StateCodecError) {
        store = try StoreState(from: &reader)
        storePath = try reader.readString()
        storeBytes = try reader.read()
        walBytes = try reader.read()
        commitLatency = try LatencySummary(from: &reader)
        commits = try SpanCounts(from: &reader)
        committedPosition = try reader.readPosition()
        deadLetterDepth = try reader.readInt()
        backpressureCount = try reader.readInt()
        storeCapReached = try reader.readBool()
        apiAddress = try reader.readString()
        apiError = try reader.readStringIfAny()
        recoveryNote = try reader.readString()
        warnings = try reader.readList("warnings") { reader throws(StateCodecError) in
            try reader.readString()
        }
        isViewer = try reader.readBool()
    }
}

extension FeedState {
    func encode(into writer: inout StateWriter) {
        switch self {
        case .starting: writer.write(UInt8(0))
        case .connecting(let attempt):
            writer.write(UInt8(1))
            writer.write(Int64(attempt))
        case .live: writer.write(UInt8(2))
        case .disconnected(let reason, let retryAt):
            writer.write(UInt8(3))
            writer.write(reason)
            writer.write(retryAt)
        case .refused(let reason, let remedy):
            writer.write(UInt8(4))
            writer.write(reason)
            writer.write(remedy)
        case .ended: writer.write(UInt8(5))
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        let code: UInt8 = try reader.read()
        switch code {
        case 0: self = .starting
        case 1: self = .connecting(attempt: try reader.readInt())
        case 2: self = .live
        case 3:
            self = .disconnected(
                reason: try reader.readString(), retryAt: try reader.readTimestampIfAny())
        case 4:
            self = .refused(reason: try reader.readString(), remedy: try reader.readString())
        case 5: self = .ended
        default: throw StateCodecError.malformed(field: "feed", byteOffset: reader.offset)
        }
    }
}

extension StoreState {
    fileprivate func encode(into writer: inout StateWriter) {
        guard case .failing(let reason) = self else { return writer.write(String?.none) }
        writer.write(String?.some(reason))
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        self = try reader.readStringIfAny().map { .failing(reason: $0) } ?? .ok
    }
}

extension NewsStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(provider)
        state.encode(into: &writer)
        for count in [requests, articles, errors, limited] { writer.write(count) }
        writer.write(lastPollAt)
        writer.write(lastError)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(provider: try reader.readString())
        state = try FeedState(from: &reader)
        requests = try reader.read()
        articles = try reader.read()
        errors = try reader.read()
        limited = try reader.read()
        lastPollAt = try reader.readTimestampIfAny()
        lastError = try reader.readStringIfAny()
    }
}
