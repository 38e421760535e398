import NIOCore
import NIOWebSocket

/// Frames as a server sends them: whole and unmasked, RFC 6455 section 5.2.
enum WebSocketFrames {
    static func text(_ json: JSON) -> ByteBuffer { frame(.text, json.bytes) }

    static func close(_ code: WebSocketErrorCode, _ reason: String) -> ByteBuffer {
        let number = UInt16(webSocketErrorCode: code)
        let bytes = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        return frame(.connectionClose, bytes + Array(reason.utf8.prefix(123)))
    }

    static func frame(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: payload.count + 10)
        let final: UInt8 = 0x80
        buffer.writeInteger(final | UInt8(webSocketOpcode: opcode))
        switch payload.count {
        case ..<126: buffer.writeInteger(UInt8(payload.count))
        case ...Int(UInt16.max):
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
