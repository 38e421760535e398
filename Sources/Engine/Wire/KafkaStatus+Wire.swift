import MarketModel

extension KafkaStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(topic)
        writer.write(group)
        state.encode(into: &writer)
        writer.writeList(partitions) { writer, partition in partition.encode(into: &writer) }
        writer.write(Int64(rebalances))
        writer.write(isResting)
        writer.write(Int64(rests))
        writer.write(restedFor)
        for count in [repeats, missing, foreign] { writer.write(count) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(topic: try reader.readString(), group: try reader.readStringIfAny())
        state = try FeedState(from: &reader)
        partitions = try reader.readList("partitions") { reader throws(StateCodecError) in
            try KafkaPartitionStatus(from: &reader)
        }
        rebalances = try reader.readInt()
        isResting = try reader.readBool()
        rests = try reader.readInt()
        restedFor = try reader.readDuration()
        repeats = try reader.read()
        missing = try reader.read()
        foreign = try reader.read()
    }
}

extension KafkaPartitionStatus {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(partition)
        switch state {
        case .checking: writer.write(UInt8(0))
        case .reading: writer.write(UInt8(1))
        case .stopped(let reason, let remedy):
            writer.write(UInt8(2))
            writer.write(reason)
            writer.write(remedy)
        }
        writer.write(offset)
        writer.write(lag)
        writer.write(copiedAt)
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(partition: try reader.read(), offset: 0)
        let code: UInt8 = try reader.read()
        switch code {
        case 0: state = .checking
        case 1: state = .reading
        case 2:
            state = .stopped(reason: try reader.readString(), remedy: try reader.readString())
        default: throw StateCodecError.malformed(field: "partition", byteOffset: reader.offset)
        }
        offset = try reader.read()
        lag = try reader.readIntegerIfAny()
        copiedAt = try reader.readTimestampIfAny()
    }
}
