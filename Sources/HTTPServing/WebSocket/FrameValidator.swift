import NIOCore
import NIOWebSocket

/// Refuses frames of clients that RFC 6455 forbids, as soon as their first bytes are there (§5.1, §5.2, §5.5).
///
/// It stands before NIO's decoder, which reads reserved bits, unknown kinds and lengths in more bytes than they need as if
/// nothing was wrong, and waits for all of a frame first.
final class FrameValidator: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What is wrong with a frame.
    struct Violation: Error, Equatable, CustomStringConvertible {
        let code: WebSocketErrorCode
        let description: String
    }

    private let largestFrame: Int
    /// The first bytes of the frame that comes, up to its data.
    private var head: [UInt8] = []
    /// How many bytes of its data are still to come.
    private var missing: UInt64 = 0
    private var isBroken = false

    init(largestFrame: Int) { self.largestFrame = largestFrame }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        var bytes = unwrapInboundIn(data)
        do throws(Violation) {
            try check(bytes.readableBytesView)
            context.fireChannelRead(data)
        } catch {
            isBroken = true
            // The decoder gets what came before the bad frame, and never the rest.
            if let good = bytes.readSlice(length: goodCount) { context.fireChannelRead(wrapInboundOut(good)) }
            context.fireErrorCaught(error)
        }
    }

    /// How many bytes of what is being read belong to frames that are good.
    private var goodCount = 0

    private func check(_ bytes: ByteBufferView) throws(Violation) {
        var place = bytes.startIndex
        goodCount = 0
        while place < bytes.endIndex {
            if missing > 0 {
                let count = Int(min(missing, UInt64(bytes.endIndex - place)))
                missing -= UInt64(count)
                place += count
            } else {
                head.append(bytes[place])
                place += 1
                try checkHead()
            }
            if head.isEmpty, missing == 0 { goodCount = place - bytes.startIndex }
        }
    }

    /// Checks what there is of a frame's head, and, if it is all, has its data come next.
    private func checkHead() throws(Violation) {
        if head.count == 1 { return try checkFirst(head[0]) }
        let short = head[1] & 0x7f
        if head.count == 2 {
            guard head[1] & 0x80 != 0 else {
                throw Violation(code: .protocolError, description: "frames of clients must be masked")
            }
            let isControl = head[0] & 0x08 != 0
            if isControl, short > 125 || head[0] & 0x80 == 0 {
                throw Violation(
                    code: .protocolError, description: "control frames are whole and have at most 125 bytes")
            }
        }
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        guard head.count >= 2 + lengthBytes else { return }
        let length = lengthBytes == 0 ? UInt64(short) : head[2..<2 + lengthBytes].reduce(0) { $0 << 8 | UInt64($1) }
        if head.count == 2 + lengthBytes { try check(length, in: lengthBytes) }
        guard head.count == 2 + lengthBytes + 4 else { return }
        missing = length
        head.removeAll(keepingCapacity: true)
    }

    private func checkFirst(_ byte: UInt8) throws(Violation) {
        guard byte & 0x70 == 0 else {
            throw Violation(code: .protocolError, description: "reserved bits are set, and no extension was agreed on")
        }
        guard [0, 1, 2, 8, 9, 10].contains(byte & 0x0f) else {
            throw Violation(code: .protocolError, description: "there are no frames of kind \(byte & 0x0f)")
        }
    }

    private func check(_ length: UInt64, in lengthBytes: Int) throws(Violation) {
        let isShortest = lengthBytes == 0 || (lengthBytes == 2 ? length > 125 : length > 0xffff && length >> 63 == 0)
        guard isShortest else {
            throw Violation(
                code: .protocolError,
                description: "a frame's length takes more bytes than it needs, or more than 63 bits")
        }
        guard length <= UInt64(largestFrame) else {
            throw Violation(
                code: .messageTooLarge, description: "a frame has \(length) bytes, at most \(largestFrame) are taken")
        }
    }
}
