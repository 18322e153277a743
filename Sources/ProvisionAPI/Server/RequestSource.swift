import HTTPServing
public import Hummingbird
import Logging
import NIOCore

/// Where a request came from, as Hummingbird tells it.
public final class RequestSource: InitializableFromSource, Sendable {
    /// Where lines about its requests go.
    let logger: Logger
    /// The connection.
    let channel: any Channel
    /// The IP address at the other end, a client's or a proxy's; nil where there is none, as in tests.
    let address: String?

    /// Takes what is wanted of Hummingbird's own source.
    public convenience init(source: ApplicationRequestContextSource) {
        self.init(source.channel, source.logger)
    }

    /// The source of all requests of a connection.
    init(_ channel: any Channel, _ logger: Logger) {
        self.channel = channel
        self.logger = logger
        address = channel.remoteAddress?.ipAddress
    }
}
