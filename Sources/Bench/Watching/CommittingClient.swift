import NIOCore

/// One writer: creates the objects it is handed, one after the other.
final class CommittingClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let token: String
    private let path: String
    private let prefix: String
    private let work: CommitWork
    private var answer = ByteBuffer()
    private var current: Int?
    private weak var channel: (any Channel)?

    init(token: String, path: String, prefix: String, _ work: CommitWork) {
        self.token = token
        self.path = path
        self.prefix = prefix
        self.work = work
    }

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        work.isFree(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        answer.writeBuffer(&part)
        guard let current, let status = completeStatus() else { return }
        guard status == 201 else { return work.fail("\(status): \(String(buffer: answer).suffix(500))") }
        answer.clear()
        self.current = nil
        work.isDone(current)
        work.isFree(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if current != nil { work.fail("the server closed a writer's connection") }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        work.fail("\(error)")
        context.close(promise: nil)
    }

    /// Creates the object of that number.
    func create(_ number: Int) {
        current = number
        let body = "{\"Name\":\"\(EventFrames.name(prefix, number))\"}"
        let request = """
            POST /api/v3/\(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """
        channel?.writeAndFlush(ByteBuffer(string: request), promise: nil)
    }

    /// The status of the answer once it has come whole.
    private func completeStatus() -> Int? {
        let text = answer.readableBytesView
        guard let end = text.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: text[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        guard text.endIndex - end.upperBound >= length else { return nil }
        return lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) }
    }
}

/// Hands out commits at a steady pace, however long they take: who is late does not make those behind it later.
///
/// Lives on one event loop.
final class CommitWork {
    private let deliveries: Deliveries
    private let done: EventLoopPromise<Void>
    private var free: [CommittingClient] = []
    private var due = 0
    private var begun = 0
    private var finished = 0
    /// Ends the handing out of commits before all are, so that an overloaded server does not take for ever.
    private var isOver = false

    init(_ deliveries: Deliveries, done: EventLoopPromise<Void>) {
        self.deliveries = deliveries
        self.done = done
    }

    /// How many commits have been acknowledged.
    var count: Int { finished }

    /// Has commits up to that number made.
    func isDue(_ number: Int) {
        due = min(number, deliveries.commits)
        handOut()
    }

    /// Begins no more commits.
    func end() {
        isOver = true
        finishIfDone()
    }

    func isFree(_ client: CommittingClient) {
        free.append(client)
        handOut()
    }

    func isDone(_ number: Int) {
        deliveries.acknowledge(number)
        finished += 1
        finishIfDone()
    }

    func fail(_ reason: String) { done.fail(BenchFailure(reason)) }

    private func handOut() {
        while !isOver, begun < due, let client = free.popLast() {
            begun += 1
            client.create(begun - 1)
        }
    }

    private func finishIfDone() {
        if finished == deliveries.commits || isOver && finished == begun { done.succeed() }
    }
}
