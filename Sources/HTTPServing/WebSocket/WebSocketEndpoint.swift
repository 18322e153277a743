package import Basics
package import Logging
package import NIOCore

/// Where a facade's clients may ask for a WebSocket (RFC 6455), and who serves them.
package struct WebSocketEndpoint: Sendable {
    /// Serves a client until it or the server leaves.
    package typealias Session = @Sendable (_ channel: any Channel, _ inbox: SocketInbox, Logger) async -> Void

    /// Whose time silence is measured by.
    let clock: any TimeSource
    /// Says who serves the client that sent a request; nil to answer it as any other.
    let admit: @Sendable (ServerRequest) async -> Session?

    /// An endpoint.
    ///
    /// - Parameters:
    ///   - clock: whose time silence is measured by.
    ///   - admit: says who serves the client that sent a request, if it is at the right place and may; nil to answer it as
    ///     any other. What it returns is kept as long as the client stays, so it should hold little memory.
    package init(
        clock: any TimeSource,
        admit: @escaping @Sendable (ServerRequest) async -> Session?
    ) {
        (self.clock, self.admit) = (clock, admit)
    }
}
