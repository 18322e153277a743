public import Hummingbird
import Logging
import NIOCore

/// Where a request came from, as Hummingbird tells it.
public struct RequestSource: InitializableFromSource {
    /// Hummingbird's logger for the request.
    let logger: Logger
    /// The connection.
    let channel: any Channel

    /// Takes what is wanted of Hummingbird's own source.
    public init(source: ApplicationRequestContextSource) {
        logger = source.logger
        channel = source.channel
    }

    /// The client's IP address; nil where there is none, as in tests.
    var address: String? { channel.remoteAddress?.ipAddress }
}
