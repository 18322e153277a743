package import NIOCore
import Synchronization

/// Knows who waits for an answer on which connection, so that nobody is waited for who has left.
package final class DisconnectRegistry: Sendable {
    private struct State: Sendable {
        var nextID = 0
        var waits: [ObjectIdentifier: [Int: @Sendable () -> Void]] = [:]
    }

    private let state = Mutex(State())

    /// A registry of nobody.
    package init() {}

    /// Runs `body` in a task of its own, which is cancelled as soon as the client of `channel` leaves.
    package func whileClientStays<Value: Sendable>(
        on channel: any Channel, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        let connection = ObjectIdentifier(channel)
        let id = state.withLock { state in
            state.nextID += 1
            state.waits[connection, default: [:]][state.nextID] = { task.cancel() }
            return state.nextID
        }
        defer { forget(id, connection) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// How many wait.
    package var count: Int { state.withLock { $0.waits.values.reduce(0) { $0 + $1.count } } }

    private func forget(_ id: Int, _ connection: ObjectIdentifier) {
        state.withLock { state in
            state.waits[connection]?[id] = nil
            if state.waits[connection]?.isEmpty ?? false { state.waits[connection] = nil }
        }
    }

    fileprivate func left(_ channel: any Channel) {
        let cancels = state.withLock { $0.waits[ObjectIdentifier(channel)]?.values.map(\.self) ?? [] }
        for cancel in cancels { cancel() }
    }
}

/// Notices that a client has left, also in the middle of a request.
final class DepartureHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let departures: DisconnectRegistry

    init(_ departures: DisconnectRegistry) { self.departures = departures }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.fireChannelRead(data) }

    func channelInactive(context: ChannelHandlerContext) {
        departures.left(context.channel)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { departures.left(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }
}
