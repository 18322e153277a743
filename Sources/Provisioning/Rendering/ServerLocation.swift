public import Tracker

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
