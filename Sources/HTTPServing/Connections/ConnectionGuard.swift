import Glibc
import NIOCore

/// The handler next to a connection's socket: cuts off a client that does not take what is sent to it.
///
/// It counts the bytes on their way to the socket. While some wait there, it looks twice in each write timeout whether
/// the client has taken any. A connection that does not wait for its client costs one alarm in that time.
final class ConnectionGuard: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The bytes that a client must take in each write timeout, as long as so many wait.
    private static let progress = 4096
    /// The most bytes that wait in the kernel for a slow client: half as many must leave before it takes more, so this
    /// also says how fine progress can be seen.
    private static let kernelBuffer = 128 << 10

    private let registry: ConnectionRegistry
    private var context: ChannelHandlerContext?
    /// Bytes given to the socket since the start.
    private var given = 0
    private var alarm: Scheduled<Void>?
    /// What the client had taken when that was last enough, and when that was.
    private var mark: (taken: Int, time: NIODeadline)?

    init(_ registry: ConnectionRegistry) { self.registry = registry }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Not of sockets that know no such thing, as in tests.
        try? context.channel.syncOptions?.setOption(
            .tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: Self.kernelBuffer)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        alarm?.cancel()
        alarm = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        given &+= unwrapOutboundIn(data).readableBytes
        if alarm == nil { setAlarm(context) }
        context.write(data, promise: promise)
    }

    /// Ends the connection at once; what waits to be sent is dropped.
    func cut() { context?.close(promise: nil) }

    private func setAlarm(_ context: ChannelHandlerContext) {
        let pause = TimeAmount(registry.limits.writeTimeout / 2)
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: pause) { [self] in
            alarm = nil
            look()
        }
    }

    private func look() {
        guard let context else { return }
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard waiting > 0 else {
            mark = nil
            return
        }
        let (taken, now) = (given &- waiting, NIODeadline.now())
        if let mark, taken &- mark.taken < Self.progress {
            if now - mark.time >= TimeAmount(registry.limits.writeTimeout) {
                registry.noteUnread(context.channel)
                return cut()
            }
        } else {
            mark = (taken, now)
        }
        setAlarm(context)
    }
}
