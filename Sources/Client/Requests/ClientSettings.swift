/// What a client is told about its server and itself.
public struct ClientSettings: Sendable {
    /// Where the server is.
    public var address: ServerAddress
    /// Who asks; nil for requests without credentials.
    public var credentials: Credentials?
    /// Which certificates are trusted.
    public var trust: CertificateTrust
    /// The folder in which tokens are kept; nil to fetch one for each client.
    public var tokenFolder: String?
    /// How long to wait for a connection, in seconds.
    public var connectSeconds = 10
    /// How long to wait for the next part of an answer, in seconds.
    public var readSeconds = 120
    /// How many requests may be on their way at once; more wait for a connection.
    public var mostConnections = 8
    /// How often a request is sent again after the connection failed; writes are, since they carry an idempotency key.
    public var retries = 3
    /// Whether writes carry an idempotency key: without, what is sent again must come to the same by itself.
    public var sendsIdempotencyKeys = true
    /// Whether a password is sent to the server for a token; without, only a token that is kept already does.
    public var logsIn = true
    /// How long the tokens are valid that are fetched, in seconds.
    public var tokenSeconds = 7200
    /// Who the client says it is.
    public var userAgent = "muster"

    /// Settings for a server.
    public init(
        address: ServerAddress = .local, credentials: Credentials? = nil, trust: CertificateTrust,
        tokenFolder: String? = nil
    ) {
        self.address = address
        self.credentials = credentials
        self.trust = trust
        self.tokenFolder = tokenFolder
    }
}
