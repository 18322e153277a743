import Access
import Content
import Logging
import Plugins
import ProvisionAPI
import Provisioning
import SystemPackage
import Tracker

/// What runs plug-ins, put together for this server.
struct PluginServices {
    let settings: Settings
    let tracker: DataTracker
    let packs: ContentPacks
    let authenticator: Authenticator
    let rawTypes: RawTypeRegistry
    let logger: Logger

    /// How long the token of a plug-in lives: as long as any does, since it is given once.
    private static let tokenLifetime = Duration.seconds(10 * 365 * 86_400)

    /// The host of the plug-ins.
    func host() -> PluginHost {
        let (tracker, features, authenticator, rawTypes) = (tracker, packs.features, authenticator, rawTypes)
        return PluginHost(
            PluginEnvironment(
                tracker: tracker, settings: pluginSettings, logger: logger,
                packs: { ContentPacks(catalog: tracker.catalog, features: features) },
                issueToken: { plugin, view throws(PluginError) in
                    let request = TokenRequest(
                        .service(plugin), lifetime: Self.tokenLifetime, claims: [.everything])
                    do throws(AccessError) { return try authenticator.issueToken(request, in: view) } catch {
                        throw PluginError(503, error.messages)
                    }
                },
                declareTypes: { declarations throws(PluginError) in
                    try await rawTypes.declare(declarations)
                }))
    }

    private var pluginSettings: PluginSettings {
        let base = settings.baseRoot
        let host = IPAddress(settings.host)
        let isAny = host.map { $0 == IPAddress("0.0.0.0") || $0 == IPAddress("::") } ?? true
        let address = isAny ? "127.0.0.1" : host.map { $0.isV4 ? "\($0)" : "[\($0)]" } ?? settings.host
        var plugins = PluginSettings(
            root: base.string, webRoot: base.appending("tftpboot").string,
            sockets: PluginSockets.folder(settings.pluginSockets, base: base),
            fileServer: "http://\(address):\(settings.staticPort)",
            endpoint: "\(settings.usesTLS ? "https" : "http")://\(address)")
        plugins.allowance = settings.allowedProviders
        plugins.limits.memory = UInt64(settings.pluginMemory)
        return plugins
    }
}
