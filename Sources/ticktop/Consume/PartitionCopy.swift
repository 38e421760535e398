import Engine
import MarketModel

/// A copy of a partition's state with what is known of the log there: who wrote it, and what its
/// newest record was.
struct PartitionCopy {
    var newestRecord: RecordMark?
    /// What `EngineState.decoded` reads.
    var state: [UInt8]

    private static let version: Int64 = 1
    /// Names what the bytes mean: a copy of another layout is not read.
    static let layout = "\(Version.state)/\(version)"

    func encoded() -> [UInt8] {
        var writer = StateWriter()
        writer.write(PartitionCopy.version)
        writer.writeOptional(newestRecord) { writer, record in
            writer.write(record.offset)
            writer.write(record.hash)
            writer.write(record.producer)
            writer.write(record.sequence)
            writer.write(record.receivedAt)
            writer.write(Int64(record.producers.count))
            for producer in record.producers {
                writer.write(producer.id)
                writer.write(producer.sequence)
            }
        }
        return writer.bytes + state
    }

    init(_ checkpoint: EngineCheckpoint) {
        newestRecord = checkpoint.newestRecord
        state = checkpoint.bytes
    }

    init(_ bytes: [UInt8]) throws(StateCodecError) {
        var reader = StateReader(bytes)
        let version: Int64 = try reader.read()
        guard version == PartitionCopy.version else {
            throw StateCodecError.malformed(field: "version of a copy", byteOffset: 0)
        }
        newestRecord = try reader.readOptional { reader throws(StateCodecError) in
            var record = RecordMark(
                offset: try reader.read(), hash: try reader.read(), producer: try reader.read(),
                sequence: try reader.read(), receivedAt: try reader.readTimestamp())
            for _ in 0..<(try reader.readCount("producers")) {
                record.producers.append(
                    ProducerMark(id: try reader.read(), sequence: try reader.read()))
            }
            return record
        }
        state = Array(bytes[reader.offset...])
    }
}
