public import Access
public import Basics
public import JSON
import TemplateCryptography
import Templates
public import Tracker

/// What rendering takes of the server beside its objects; one for all renders.
public struct RenderServices: Sendable {
    /// Signs tokens that templates ask for; nil where there is no such object, or the server has no secrets.
    public typealias TokenIssuer = @Sendable (_ request: TokenRequest, _ view: Snapshot) throws(RenderError) -> String

    /// Signs tokens.
    public let issueToken: TokenIssuer
    /// What `.Info` shows.
    public let info: @Sendable (_ view: Snapshot) -> JSONValue
    /// Where static files are on this host, for `.Env.PathFor "disk"`.
    public let fileRoot: String
    /// Time and randomness.
    public let environment: Environment
    /// Parsed templates.
    let cache: TemplateCache

    /// The services.
    public init(
        fileRoot: String, environment: Environment = Environment(), cache: TemplateCache = TemplateCache(),
        info: @escaping @Sendable (_ view: Snapshot) -> JSONValue, issueToken: @escaping TokenIssuer
    ) {
        (self.fileRoot, self.environment, self.cache) = (fileRoot, environment, cache)
        (self.info, self.issueToken) = (info, issueToken)
    }

    /// The same services with other tokens: those that a caller who renders something of his own may have.
    public func issuing(_ issueToken: @escaping TokenIssuer) -> RenderServices {
        RenderServices(fileRoot: fileRoot, environment: environment, cache: cache, info: info, issueToken: issueToken)
    }

    /// What templates may call.
    static let functions = FunctionTable.provisioning.merging(.cryptography)
}

/// Why something cannot be rendered.
public struct RenderError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    public let description: String

    /// An error.
    public init(_ description: String) { self.description = description }
}
