package import NIOCore
package import NIOWebSocket

/// Writes frames as a server sends them: whole, and without a mask (RFC 6455 §5.2).
///
/// They are the same for every client, so they are written once and sent to all. NIO's encoder writes each for each client.
package enum SocketFrame {
    /// Bytes that a control frame may carry.
    private static let controlLimit = 125

    /// Adds a text frame.
    package static func writeText(_ text: [UInt8], into buffer: inout ByteBuffer) {
        write(.text, count: text.count, into: &buffer)
        buffer.writeBytes(text)
    }

    /// A text frame.
    package static func text(_ text: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        writeText(text, into: &buffer)
        return buffer
    }

    /// A ping, or the pong to one.
    package static func control(_ opcode: WebSocketOpcode, _ data: ByteBuffer = ByteBuffer()) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(opcode, count: data.readableBytes, into: &buffer)
        buffer.writeImmutableBuffer(data)
        return buffer
    }

    /// The end of a connection and why, as much of it as there is room for.
    package static func close(_ code: WebSocketErrorCode, _ reason: String) -> ByteBuffer {
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        // Texts end at the end of a character.
        var text = reason
        while text.utf8.count > controlLimit - data.readableBytes { text.removeLast() }
        data.writeString(text)
        return control(.connectionClose, data)
    }

    private static func write(_ opcode: WebSocketOpcode, count: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        switch count {
        case ...125: buffer.writeInteger(UInt8(count))
        case ...0xffff:
            buffer.writeInteger(126 as UInt8)
            buffer.writeInteger(UInt16(count))
        default:
            buffer.writeInteger(127 as UInt8)
            buffer.writeInteger(UInt64(count))
        }
    }
}
