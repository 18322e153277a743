import HTTPServing
import Hummingbird
import HummingbirdCore
import ProvisionAPI

/// A port beside the API's: where it listens, and within which limits.
struct ServedPort {
    /// What the log calls it.
    let name: String
    let host: String
    let number: Int
    let mostConnections: Int
    let connections: ConnectionRegistry
    let timeouts: Timeouts

    /// Builds the port's connections.
    var server: HTTPServerBuilder {
        HTTPServerBuilder { [connections, timeouts] responder in
            PlainHTTPChannel(responder, registry: connections, timeouts: timeouts)
        }
    }

    /// Where to listen.
    var configuration: ApplicationConfiguration {
        ApplicationConfiguration(
            address: .hostname(host, port: number),
            availableConnectionsDelegate: ConnectionSlots(mostConnections, port: name, connections))
    }
}
