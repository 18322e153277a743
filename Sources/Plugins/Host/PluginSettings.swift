public import Basics

/// How plug-ins are run on a server.
public struct PluginSettings: Sendable {
    /// The folder of the providers' programs.
    public var programs: String
    /// The folder of the files that providers bring, one for each.
    public var files: String
    /// The folder of the directories that plug-ins run in, one for each.
    public var work: String
    /// The folder of the sockets. It is this server's alone, and is emptied at each start.
    public var sockets: String
    /// The folder of what machines fetch, which plug-ins are told.
    public var webRoot: String
    /// Where plug-ins reach the static files: `http://127.0.0.1:8091`.
    public var fileServer: String
    /// Where they reach the API, without the port: `https://127.0.0.1`.
    public var endpoint: String
    /// Which providers may be there.
    public var allowance = ProviderAllowance.all
    /// What each program may take.
    public var limits = ProgramLimits()

    /// Settings with folders below `root`.
    ///
    /// - Parameters:
    ///   - webRoot: the folder of what machines fetch.
    ///   - sockets: the folder of the sockets; by default one below `root`.
    public init(root: String, webRoot: String, sockets: String? = nil, fileServer: String, endpoint: String) {
        programs = "\(root)/plugins"
        files = "\(webRoot)/files/plugin_providers"
        work = "\(root)/plugin-work"
        self.sockets = sockets ?? "\(root)/plugin-sockets"
        (self.webRoot, self.fileServer, self.endpoint) = (webRoot, fileServer, endpoint)
    }

    /// How many plug-ins run at once; further ones are held.
    static let mostPlugins = 64
}

/// Which plug-in providers a site lets in.
public enum ProviderAllowance: Sendable, Hashable {
    /// Any.
    case all
    /// None: no program of a plug-in is ever run.
    case none
    /// Those of these names.
    case named(Set<Identifier>)

    /// What a setting says: `all`, `none`, or names with commas between them.
    ///
    /// - Returns: nil for a text that names none.
    public init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "none": self = .none
        default:
            let names = text.parts(between: ",").map { String($0.trimmedSpaces) }
            guard !names.contains(where: \.isEmpty) else { return nil }
            self = .named(Set(names.map { Identifier($0) }))
        }
    }

    /// Whether a provider of that name may be there.
    public func allows(_ provider: String) -> Bool {
        switch self {
        case .all: true
        case .none: false
        case .named(let names): names.contains(Identifier(provider))
        }
    }

    /// The refusal of a provider.
    public func refusal(of provider: String) -> String {
        "Plug-ins of the provider \(provider) are not allowed on this server: see its setting --plugins"
    }
}
