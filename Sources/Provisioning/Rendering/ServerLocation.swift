public import Basics

/// Where one client reaches the server: an address of the server's own that is near the client, and the ports of what it serves.
public struct ServerLocation: Sendable, Hashable {
    /// The ports of the services whose URLs templates show.
    public struct Ports: Sendable, Hashable {
        /// The API, over TLS.
        public var api: Int
        /// Static files over HTTP.
        public var files: Int
        /// Static files over HTTPS.
        public var secureFiles: Int

        /// The ports of the three services.
        public init(api: Int = 8092, files: Int = 8091, secureFiles: Int = 8090) {
            (self.api, self.files, self.secureFiles) = (api, files, secureFiles)
        }
    }

    /// The server's address.
    public let address: IPAddress
    /// The ports.
    public let ports: Ports

    /// A location.
    public init(address: IPAddress, ports: Ports) { (self.address, self.ports) = (address, ports) }

    /// Static files over HTTP: `http://10.0.0.1:8091`.
    public var filesURL: String { url("http", ports.files) }
    /// Static files over HTTPS.
    public var secureFilesURL: String { url("https", ports.secureFiles) }
    /// The API.
    public var apiURL: String { url("https", ports.api) }

    private func url(_ scheme: String, _ port: Int) -> String {
        "\(scheme)://\(address.isV4 ? address.description : "[\(address)]"):\(port)"
    }
}

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
