public import Provisioning
public import Tracker

/// How the server's location follows from where a client came in.
public struct ServerPlace: Sendable {
    /// The address that all clients are told; nil for the one nearest to each.
    public let fixedAddress: IPAddress?
    /// The ports of the services.
    public let ports: ServerLocation.Ports

    /// A place.
    public init(fixedAddress: IPAddress?, ports: ServerLocation.Ports) {
        (self.fixedAddress, self.ports) = (fixedAddress, ports)
    }

    /// The location for a client that came to `local`, an address of this host; nil if that is no IP address.
    public func location(cameTo local: IPAddress?) -> ServerLocation? {
        (fixedAddress ?? local).map { ServerLocation(address: $0, ports: ports) }
    }
}
