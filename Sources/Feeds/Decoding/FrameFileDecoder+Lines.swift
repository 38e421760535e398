import MarketModel

/// Many lines of a file at once.
extension FrameFileDecoder {
    /// Appends the events of the lines at `lines` in `batch.bytes`, as if each was decoded by
    /// itself. Only the last may lack its line feed; a carriage return before one is no part of the
    /// line.
    ///
    /// `position` is that of the first line; the others follow it as their bytes do.
    public mutating func decode(
        lines: Range<Int>, position: LogPosition, into batch: inout EventBatch
    ) {
        batch.checksEventTime = false
        var start = lines.lowerBound
        while start < lines.upperBound {
            let rest = start..<lines.upperBound
            if source == .massive {
                let origin = position.offset - Int64(lines.lowerBound)
                start = decodePlain(
                    rest, LogPosition(epoch: position.epoch, offset: origin), &batch)
                guard start < lines.upperBound else { return }
            }
            let end = batch.bytes[start..<lines.upperBound].firstIndex(of: 10) ?? lines.upperBound
            let isCarriage = end > start && batch.bytes[end - 1] == UInt8(ascii: "\r")
            let offset = position.offset + Int64(start - lines.lowerBound)
            decode(
                line: start..<(isCarriage ? end - 1 : end),
                position: LogPosition(epoch: position.epoch, offset: offset),
                into: &batch)
            start = end + 1
        }
    }

    /// Decodes lines that hold one plain trade or quote each and nothing else; the start of the
    /// first that does not, or where the lines end.
    ///
    /// Such a line is found by reading it: its end is where the object ends.
    @inline(never)
    private mutating func decodePlain(
        _ lines: Range<Int>, _ bufferStart: LogPosition, _ batch: inout EventBatch
    ) -> Int {
        // Taken out, so that the events can be written meanwhile without a count of references.
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        defer { swap(&bytes, &batch.bytes) }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return lines.lowerBound }
            let startMax = lines.upperBound - PlainMassive.roundBytesMax
            var reader = PlainLines(
                base: base, lines: lines, startMax: startMax, bufferStart: bufferStart,
                stamps: stamps)
            appendPlain(&reader, &batch)
            if reader.start > startMax, reader.start < lines.upperBound {
                withRoom(behind: lines.upperBound, since: reader.start, of: base) { base in
                    reader.goOn(reading: base, startMax: lines.upperBound)
                    appendPlain(&reader, &batch)
                }
            }
            stamps = reader.stamps
            return reader.start
        }
    }

    @inline(__always)
    private mutating func appendPlain(_ reader: inout PlainLines, _ batch: inout EventBatch) {
        while reader.goesOn {
            batch.events.append(addingCapacity: PlainLines.eventsAtOnce) {
                $0.withUnsafeMutableBufferPointer {
                    reader.read(into: $0, count: &$1, by: &massive.elements.plain)
                }
            }
        }
    }

    /// Lends a copy of the last few lines, at the same offsets as they have, that more can be read
    /// behind than there is.
    private func withRoom(
        behind end: Int, since start: Int, of base: UnsafeRawPointer,
        _ read: (UnsafeRawPointer) -> Void
    ) {
        let room = PlainMassive.roundBytesMax
        withUnsafeTemporaryAllocation(byteCount: end - start + room, alignment: 8) { copy in
            copy.copyMemory(from: UnsafeRawBufferPointer(start: base + start, count: end - start))
            for offset in end - start..<copy.count { copy[offset] = 0 }
            guard let address = copy.baseAddress else { return }
            read(UnsafeRawPointer(address) - start)
        }
    }
}
