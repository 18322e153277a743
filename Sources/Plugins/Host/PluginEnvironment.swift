public import Content
public import Logging
public import Provisioning
public import Tracker

/// What plug-ins and their providers take of the server.
public struct PluginEnvironment: Sendable {
    /// Holds the objects.
    public let tracker: DataTracker
    /// How plug-ins are run.
    public let settings: PluginSettings
    /// Where lines of the log go.
    public let logger: Logger
    /// Makes a token with all rights for the plug-in of a name.
    public let issueToken: TokenIssuer
    /// Reads the content packs that providers bring.
    public let packs: @Sendable () -> ContentPacks
    /// Has the server know the types of objects that providers declare, all of them.
    public let declareTypes: TypeDeclarer

    /// Makes a token.
    ///
    /// - Throws: why there can be none.
    public typealias TokenIssuer = @Sendable (_ plugin: String, Snapshot) throws(PluginError) -> String
    /// Makes the types of objects known that providers declare.
    ///
    /// - Throws: with 422 which of them there cannot be.
    public typealias TypeDeclarer = @Sendable ([RawTypeDeclaration]) async throws(PluginError) -> Void

    /// An environment.
    public init(
        tracker: DataTracker, settings: PluginSettings, logger: Logger, packs: @escaping @Sendable () -> ContentPacks,
        issueToken: @escaping TokenIssuer, declareTypes: @escaping TypeDeclarer
    ) {
        (self.tracker, self.settings, self.logger) = (tracker, settings, logger)
        (self.packs, self.issueToken, self.declareTypes) = (packs, issueToken, declareTypes)
    }
}
