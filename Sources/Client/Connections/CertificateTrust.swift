/// Which certificates of a server are trusted.
public enum CertificateTrust: Sendable {
    /// The one that was shown first, and kept in a file since; a different one is refused (`ssh` does the same).
    case firstUse(KnownServers)
    /// Those that an authority in a PEM file signed, for the name that the server was asked by.
    case authority(path: String)
    /// All. Passwords and tokens go to whoever answers.
    case anything
}
