import MarketModel

extension ReplayStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(speed)
        writer.write(isPaused)
        switch goal {
        case nil: writer.write(UInt8(0))
        case .time(let time):
            writer.write(UInt8(1))
            writer.write(time)
        case .anomaly: writer.write(UInt8(2))
        }
        writer.write(share)
        writer.write(beganAt)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(speed: try reader.readDoubleIfAny())
        isPaused = try reader.readBool()
        let code: UInt8 = try reader.read()
        switch code {
        case 0: goal = nil
        case 1: goal = .time(try reader.readTimestamp())
        case 2: goal = .anomaly
        default: throw StateCodecError.malformed(field: "goal", byteOffset: reader.offset)
        }
        share = try reader.readDouble()
        beganAt = try reader.readTimestampIfAny()
    }
}

extension RecordingStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(path)
        writer.write(startedAt)
        writer.write(bytes)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(path: try reader.readString(), startedAt: try reader.readTimestamp())
        bytes = try reader.read()
    }
}
