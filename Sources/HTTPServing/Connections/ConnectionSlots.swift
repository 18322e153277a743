public import HummingbirdCore

/// The connections that a port may have at a time, so that descriptors remain for the store, files and the other ports.
///
/// While all are taken, new ones wait in the kernel until one ends: nothing is tried in vain.
public struct ConnectionSlots: AvailableConnectionsDelegate {
    private let limit: Int
    private let port: String
    private let registry: ConnectionRegistry
    private var count = 0

    /// The slots of a port.
    ///
    /// - Parameters:
    ///   - limit: how many.
    ///   - port: what the log calls the port.
    ///   - registry: tells the log when all are taken.
    public init(_ limit: Int, port: String, _ registry: ConnectionRegistry) {
        (self.limit, self.port, self.registry) = (limit, port, registry)
    }

    /// A connection takes a slot.
    public mutating func connectionOpened() {
        count += 1
        if count == limit { registry.noteFull(port, limit) }
    }

    /// A connection gives its slot back.
    public mutating func connectionClosed() { count -= 1 }

    /// Whether there is a free slot.
    public func isAcceptingNewConnections() -> Bool { count < limit }
}
