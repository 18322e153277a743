public import Basics

/// Where the client keeps its files, by the XDG base directory specification.
public struct UserFolders: Sendable {
    /// Settings: `~/.config/muster`.
    public let settings: String
    /// What can be had again: `~/.cache/muster`.
    public let cache: String

    /// The folders that an environment means; nil if it names no home.
    public init?(environment: [Identifier: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        func folder(_ variable: String, _ usual: String) -> String? {
            // Paths that are not absolute are to be ignored.
            if let path = environment[Identifier(variable)], path.utf8.first == UInt8(ascii: "/") {
                return path + "/muster"
            }
            return home.map { "\($0)/\(usual)/muster" }
        }
        guard let settings = folder("XDG_CONFIG_HOME", ".config"), let cache = folder("XDG_CACHE_HOME", ".cache") else {
            return nil
        }
        (self.settings, self.cache) = (settings, cache)
    }

    /// The file of contexts.
    public var contexts: String { settings + "/config.yaml" }
    /// The file of the certificates that were met.
    public var knownServers: String { settings + "/known_servers" }
    /// The folder of tokens.
    public var tokens: String { cache + "/tokens" }
}
