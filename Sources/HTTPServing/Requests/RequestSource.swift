package import Logging
package import NIOCore

/// Where requests come from: one for all requests of a connection.
package final class RequestSource: Sendable {
    /// Where lines about its requests go.
    package let logger: Logger
    /// The connection.
    package let channel: any Channel
    /// The IP address at the other end, a client's or a proxy's; nil where there is none, as in tests.
    package let address: String?

    /// The source of all requests of a connection.
    package init(_ channel: any Channel, _ logger: Logger) {
        self.channel = channel
        self.logger = logger
        address = channel.remoteAddress?.ipAddress
    }
}
