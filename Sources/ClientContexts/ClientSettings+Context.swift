public import Client

extension ClientSettings {
    /// The user and password that every new server has, and `drpcli` assumes where nothing else is said (contract §11.1).
    public static let wellKnownLogin = (user: "rocketskates", password: "r0cketsk8ts")

    /// The settings that a context means.
    ///
    /// - Parameters:
    ///   - context: what was said by flags, environment and context together.
    ///   - folders: where files are kept; nil keeps nothing.
    /// - Throws: `ClientError` of kind `usage`.
    public init(_ context: ClientContext, folders: UserFolders?) throws(ClientError) {
        let address = try context.endpoint.map { text throws(ClientError) in try ServerAddress(text) } ?? .local
        let trust: CertificateTrust
        if context.isInsecure {
            trust = .anything
        } else if let path = context.authority {
            trust = .authority(path: path)
        } else if let folders {
            trust = .firstUse(KnownServers(path: folders.knownServers))
        } else {
            throw ClientError(
                .usage, "HOME is not set, so there is no place for the certificates of servers: give --ca or --insecure"
            )
        }
        let credentials: Credentials
        if let token = context.token {
            credentials = .token(token)
        } else {
            let user = context.username ?? Self.wellKnownLogin.user
            guard let password = context.password ?? (context.username == nil ? Self.wellKnownLogin.password : nil)
            else {
                throw ClientError(.usage, "there is no password for \(user): give -P, RS_PASSWORD or a context")
            }
            credentials = .password(user: user, password: password)
        }
        self.init(address: address, credentials: credentials, trust: trust, tokenFolder: folders?.tokens)
    }
}
