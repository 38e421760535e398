import CRdKafka
import Foundation

/// Where a consumer's broker threads keep what they have fetched.
///
/// Each message of theirs is an object of some 400 bytes, and a whole answer is taken apart at
/// once. Memory that grows by pages of 4 KiB, as `malloc`'s does on threads, costs a fault for ten
/// messages, a sixth of all consumption.
enum BrokerThreadMemory {
    /// Two pieces fill what `malloc` reserves for a thread at a time, 64 MiB; each is below the
    /// size that would be mapped by itself.
    private static let pieceBytes = 31 << 20
    private static let hugePageBytes = UInt(2 << 20)

    /// For a client that is being made.
    static func prepare(_ client: OpaquePointer?) -> rd_kafka_resp_err_t {
        rd_kafka_interceptor_add_on_thread_start(
            client, "ticktop memory",
            { _, kind, _, _ in
                if kind == RD_KAFKA_THREAD_BROKER { BrokerThreadMemory.reserve() }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }, nil)
    }

    /// On a broker's thread: its memory becomes one range of huge pages. Nothing of it is touched,
    /// so none is taken before it is needed.
    private static func reserve() {
        let pieces = [malloc(pieceBytes), malloc(pieceBytes)]
        for piece in pieces {
            guard let piece else { continue }
            let start = (UInt(bitPattern: piece) + hugePageBytes - 1) & ~(hugePageBytes - 1)
            let end = (UInt(bitPattern: piece) + UInt(pieceBytes)) & ~(hugePageBytes - 1)
            // Where it cannot be had, small pages do as well.
            _ = madvise(
                UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_HUGEPAGE)
        }
        for piece in pieces.reversed() { free(piece) }
    }
}
