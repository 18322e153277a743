import Basics
import NIOCore

/// Sends one file to one client, from a port of its own (RFC 1350 §4).
final class TFTPTransfer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let peer: SocketAddress
    private let content: TFTPContent
    private let terms: TFTPTerms
    private let onEnd: @Sendable () -> Void

    /// How many blocks the client has; -1 while it has not agreed to the options yet.
    private var acknowledged: Int
    /// The last block.
    private let last: Int
    private var tries = 0
    private var timer: Scheduled<Void>?
    /// The bytes that are read, and where in the file they begin.
    private var ahead = ByteBuffer()
    private var aheadStart = 0
    private var isReading = false
    private var isOver = false

    /// How often the same is sent before the client is given up.
    private static let mostTries = 6
    /// How many bytes are read at once.
    private static let readSize = 1 << 20

    /// A transfer.
    ///
    /// - Parameter onEnd: called once it is over, however it ends.
    init(_ content: TFTPContent, _ terms: TFTPTerms, to peer: SocketAddress, onEnd: @escaping @Sendable () -> Void) {
        (self.content, self.terms, self.peer, self.onEnd) = (content, terms, peer, onEnd)
        last = content.size / terms.blockSize + 1
        acknowledged = terms.agreed.isEmpty ? 0 : -1
    }

    func channelActive(context: ChannelHandlerContext) { advance(context) }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        timer?.cancel()
        onEnd()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        guard datagram.remoteAddress == peer else {
            return write(TFTPAnswer.error(.unknownTransfer, "unknown transfer"), to: datagram.remoteAddress, context)
        }
        switch TFTPRequest(datagram.data) {
        case .acknowledgement(let block): take(block, context)
        case .error: context.close(promise: nil)
        case .read, .write, nil: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A port unreachable comes as an error of the next call.
        context.close(promise: nil)
    }

    /// Takes an acknowledgement. Numbers roll over, so they count from what is known.
    private func take(_ block: UInt16, _ context: ChannelHandlerContext) {
        if acknowledged < 0 {
            guard block == 0 else { return }
            acknowledged = 0
            return advance(context)
        }
        let step = Int(block &- UInt16(truncatingIfNeeded: acknowledged))
        if step == 0, terms.windowSize > 1 { return advance(context) }
        // An older one comes late, and sends nothing again: else each packet would go twice from there on.
        guard (1...terms.windowSize).contains(step), acknowledged + step <= last else { return }
        acknowledged += step
        if acknowledged == last { return context.close(promise: nil) }
        advance(context)
    }

    /// Sends what comes next, and waits for the answer.
    private func advance(_ context: ChannelHandlerContext) {
        tries = 0
        sendWindow(context)
    }

    private func sendWindow(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        if acknowledged < 0 {
            write(TFTPAnswer.options(terms.agreed), to: peer, context)
            return setTimer(context)
        }
        let blocks = acknowledged + 1...min(acknowledged + terms.windowSize, last)
        let start = acknowledged * terms.blockSize
        let end = min(blocks.upperBound * terms.blockSize, content.size)
        guard start >= aheadStart, end <= aheadStart + ahead.readableBytes || start == end else {
            return read(from: start, context)
        }
        for block in blocks {
            let from = (block - 1) * terms.blockSize
            let count = min(terms.blockSize, content.size - from)
            let bytes = ahead.getSlice(at: ahead.readerIndex + from - aheadStart, length: count) ?? ByteBuffer()
            let packet = TFTPAnswer.data(UInt16(truncatingIfNeeded: block), bytes)
            context.write(wrapOutboundOut(AddressedEnvelope(remoteAddress: peer, data: packet)), promise: nil)
        }
        context.flush()
        setTimer(context)
    }

    /// Reads on from a place in the file, then sends.
    private func read(from start: Int, _ context: ChannelHandlerContext) {
        guard !isReading else { return }
        isReading = true
        timer?.cancel()
        let most = max(Self.readSize, terms.windowSize * terms.blockSize)
        let range = start..<min(start + most, content.size)
        let promise = context.eventLoop.makePromise(of: ByteBuffer.self)
        BlockingPool.shared.submit { [content] in
            promise.completeWith(Result { () throws(StoredFileError) in try content.bytes(range) }.mapError { $0 })
        }
        let (bound, transfer) = (
            NIOLoopBound(context, eventLoop: context.eventLoop), NIOLoopBound(self, eventLoop: context.eventLoop)
        )
        promise.futureResult.whenComplete { result in
            transfer.value.finishReading(result, from: range.lowerBound, bound.value)
        }
    }

    private func finishReading(
        _ result: Result<ByteBuffer, any Error>, from start: Int, _ context: ChannelHandlerContext
    ) {
        isReading = false
        switch result {
        case .success(let bytes):
            (ahead, aheadStart) = (bytes, start)
            sendWindow(context)
        case .failure(let error):
            write(TFTPAnswer.error(.other, "\(error)"), to: peer, context)
            context.close(promise: nil)
        }
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let (bound, transfer) = (
            NIOLoopBound(context, eventLoop: context.eventLoop), NIOLoopBound(self, eventLoop: context.eventLoop)
        )
        timer = context.eventLoop.scheduleTask(in: .seconds(Int64(terms.timeout))) {
            transfer.value.tryAgain(bound.value)
        }
    }

    private func tryAgain(_ context: ChannelHandlerContext) {
        tries += 1
        guard tries < Self.mostTries else { return context.close(promise: nil) }
        sendWindow(context)
    }

    private func write(_ packet: ByteBuffer, to address: SocketAddress, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(AddressedEnvelope(remoteAddress: address, data: packet)), promise: nil)
    }
}
