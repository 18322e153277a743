import Access
import Basics
import Content
import Glibc
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

/// Where the sockets of plug-ins are: in a folder of this server's own, with a path that sockets can have.
private enum PluginSockets {
    /// The longest path of a socket is 107 bytes, and the names of our sockets take some of them.
    private static let longest = 80

    /// The folder's path.
    ///
    /// - Parameters:
    ///   - wanted: the folder that others may use too; nil for the base root.
    ///   - base: the base root, which is one server's alone.
    static func folder(_ wanted: FilePath?, base: FilePath) -> String {
        // The same at each start, so that nothing is left behind by a server that was killed.
        let mark = String(Array(base.string.utf8).withUnsafeBytes { CRC32C.checksum($0) }, radix: 16)
        let path = wanted.map { $0.appending("muster-\(mark)") } ?? base.appending("plugin-sockets")
        if path.string.utf8.count <= longest { return path.string }
        return "/tmp/muster-\(geteuid())-\(mark)"
    }
}
