public import HTTPServing
public import NetServices

/// How the API is served and what it says of itself.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host = "0.0.0.0"
    /// The port of the API; zero for any free one.
    public var port = 8092
    /// Keeps certificate and key; nil to serve without TLS.
    public var certificates: CertificateProvider?
    /// The proxies whose word counts for where a request came from.
    public var trustedProxies = TrustedProxies()
    /// How long clients may take.
    public var timeouts = Timeouts()
    /// Counts what happens.
    public var metrics = ServerMetrics()
    /// The connections of all ports.
    public var connections = ConnectionRegistry()
    /// How many connections the API may have; more wait until some end.
    public var mostConnections = Int.max
    /// The largest request body in bytes.
    public var bodyLimit = 32 << 20
    /// The largest file that may be uploaded, in bytes.
    public var uploadLimit = 16 << 30
    /// How much work one request may have done.
    public var budgets = RequestBudgets()
    /// This endpoint's id: paths may begin with it (C §2). Empty for the hardware address of the first network interface.
    public var endpointID = ""
    /// The address at which machines reach this host.
    public var address = "127.0.0.1"
    /// The address that all machines are told; nil for the one nearest to each.
    public var fixedAddress: String?
    /// The version that clients and packs compare with: `v4.8.0`.
    public var version = "v4.8.0"
    /// The ports of the other services, which `GET /info` names.
    public var ports = Ports()
    /// What has become of the other services.
    public var serviceStates = ServiceStates()
    /// The directory of what machines boot from.
    public var fileRoot = "tftpboot"
    /// The folder of backups that are made here.
    public var backupFolder = "backups"
    /// How long watchers may keep us waiting.
    public var watching = Watching()
    /// Told the port once the server listens.
    public var onRunning: @Sendable (_ port: Int) async -> Void = { _ in }

    /// Everything at its default.
    public init() {}

    /// How long watchers may keep us waiting.
    public struct Watching: Sendable {
        /// How often each watcher is looked after: rights are looked at again, cursors are kept fresh, and, every second time,
        /// clients of websockets are asked whether they are there.
        public var interval = Duration.seconds(15)
        /// How long a client may take to read what is sent to it, before it is cut off.
        public var patience = Duration.seconds(30)
        /// How long a client of a websocket may be silent: it answers pings, so it is not there after that.
        public var longestSilence = Duration.seconds(120)
        /// The usual times.
        public init() {}
    }

    /// The ports of services beside the API (C §1).
    public struct Ports: Sendable {
        /// Static files over HTTP.
        public var files = 8091
        /// Static files over HTTPS.
        public var secureFiles = 8090
        /// TFTP.
        public var tftp = 69
        /// DHCP.
        public var dhcp = 67
        /// Boot server discovery.
        public var binl = 4011
        /// The usual ports.
        public init() {}
    }
}
