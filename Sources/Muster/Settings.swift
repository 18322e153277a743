import ArgumentParser
import Basics
import Configuration
import Content
import Glibc
import HTTPServing
import JSON
import Logging
import NetServices
import Plugins
import ProvisionAPI
import Scheduling
import Store
import SystemPackage
import Tracker

/// How the server is to run: flags before environment before file before defaults.
struct Settings: Sendable {
    var baseRoot: FilePath
    var backend: String
    /// Whether files of the store that cannot be used are moved out of the way.
    var isRepairing: Bool
    /// The folder of backups that are made here.
    var backupFolder: FilePath
    var localContent: FilePath?
    var defaultContent: FilePath?
    var isContentStrict: Bool
    var host: String
    var apiPort: Int
    var staticPort: Int
    var staticAddress: String?
    /// The ports of the services beside the API.
    var ports: ServerConfiguration.Ports
    /// Where the inventory's API is served.
    var fleet: FleetSettings
    /// Which of them are not wanted.
    var disabled: Set<ServiceStates.Service>
    /// Whether addresses are given without asking first whether somebody has them.
    var isTrustingAddresses: Bool
    /// The interface on which who looks for an IPv6 router is answered; nil for none.
    var advertisedInterface: String?
    var certificate: FilePath
    var privateKey: FilePath
    /// Certificates of those who may vouch for clients instead of passwords; nil to ask clients for none.
    var clientAuthorities: FilePath?
    /// Whether the API is served over TLS; if not, only to this host.
    var usesTLS: Bool
    /// The password of the first user in an empty store; nil for the well-known one. Never shown.
    var initialPassword: String?
    /// The proxies whose word counts for where a request came from.
    var trustedProxies: TrustedProxies
    var metricsPort: Int
    /// How long clients of the API may take.
    var timeouts: Timeouts
    /// How many connections one address may have.
    var connectionsPerAddress: Int
    /// How long stopping may take.
    var shutdownTimeout: Duration
    var endpointID: String?
    /// The largest request body, in bytes.
    var bodyLimit: Int
    /// The largest file that may be uploaded, in bytes.
    var uploadLimit: Int
    /// Which plug-in providers may be here.
    var allowedProviders: ProviderAllowance
    /// The folder of the sockets of plug-ins; nil for one in the base root.
    var pluginSockets: FilePath?
    /// The most memory that a plug-in's program may take, in bytes.
    var pluginMemory: Int
    /// How much of the past is kept.
    var history: HistoryRetention
    /// When the server checks itself, as a cron expression; nil for never.
    var selfCheck: String?
    var logLevel: Logger.Level

    /// The settings that flags, the `RS_…` environment and the configuration file give together.
    ///
    /// - Throws: `ValidationError` naming a setting and its value that make no sense, or an unreadable file.
    init(_ options: ServeOptions) throws {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: options.values),
            EnvironmentVariablesProvider().prefixKeys(with: "rs"),
        ]
        let environment = ConfigReader(providers: providers)
        if let file = options.config ?? environment.string(forKey: "config") {
            do {
                providers.append(try SettingsFile(file).provider)
            } catch {
                throw ValidationError("the configuration file \(file) cannot be read: \(error)")
            }
        }
        try self.init(ConfigReader(providers: providers))
    }

    private init(_ config: ConfigReader) throws {
        let root = FilePath(config.string(forKey: "base-root", default: "/var/lib/dr-provision"))
        let baseRoot = root.isAbsolute ? root : FilePath(Self.workingDirectory).pushing(root)
        self.baseRoot = baseRoot
        backend = config.string(forKey: "backend", default: "lmdb:\(baseRoot.appending("muster"))")
        isRepairing = config.bool(forKey: "repair", default: false)
        backupFolder = baseRoot.pushing(FilePath(config.string(forKey: "backup-dir", default: "backups")))
        localContent = config.string(forKey: "local-content").flatMap(Self.path)
        defaultContent = config.string(forKey: "default-content").flatMap(Self.path)
        isContentStrict = config.bool(forKey: "strict-content", default: false)
        host = config.string(forKey: "host", default: "0.0.0.0")
        apiPort = try Self.port(config, "api-port", 8092)
        staticPort = try Self.port(config, "static-port", 8091)
        ports = try Self.ports(config)
        ports.files = staticPort
        fleet = try FleetSettings(config, port: Self.port(config, "fleet-port", 7780))
        disabled = Self.disabled(config)
        advertisedInterface = config.string(forKey: "router-advertisements").flatMap { $0.isEmpty ? nil : $0 }
        isTrustingAddresses = config.bool(forKey: "fake-pinger", default: false)
        staticAddress = config.string(forKey: "static-ip").flatMap { $0.isEmpty ? nil : $0 }
        let certificate = config.string(forKey: "tls-cert") ?? config.string(forKey: "tls-cert-file") ?? "server.crt"
        let privateKey = config.string(forKey: "tls-key") ?? config.string(forKey: "tls-key-file") ?? "server.key"
        self.certificate = baseRoot.pushing(FilePath(certificate))
        self.privateKey = baseRoot.pushing(FilePath(privateKey))
        clientAuthorities = config.string(forKey: "client-ca").flatMap {
            $0.isEmpty ? nil : baseRoot.pushing(FilePath($0))
        }
        usesTLS = !config.bool(forKey: "no-tls", default: false)
        guard usesTLS || IPAddress(host)?.isLoopback == true else {
            throw ValidationError(
                "no-tls with host \(host) would send passwords in clear: give --host 127.0.0.1 or ::1, or leave TLS on")
        }
        guard usesTLS || !fleet.usesTLS else {
            throw ValidationError("no-tls and fleet-tls exclude each other: there is one certificate for both")
        }
        guard usesTLS || clientAuthorities == nil else {
            throw ValidationError("no-tls and client-ca exclude each other: only TLS shows certificates of clients")
        }
        initialPassword = config.string(forKey: "initial-password", isSecret: true)
        guard initialPassword?.isEmpty != true else {
            throw ValidationError("initial-password is empty: give a password, or leave it out for the well-known one")
        }
        trustedProxies = try Self.trustedProxies(config)
        metricsPort = try Self.port(config, "metrics-port", 8080)
        timeouts = try Self.timeouts(config)
        shutdownTimeout = try Self.time(config, "shutdown-timeout", "10s")
        connectionsPerAddress = config.int(forKey: "max-connections-per-address") ?? DescriptorLimit.current / 2
        guard connectionsPerAddress > 0 else {
            throw ValidationError("max-connections-per-address is \(connectionsPerAddress): give a number above zero")
        }
        endpointID = config.string(forKey: "drp-id").flatMap { $0.isEmpty ? nil : $0 }
        bodyLimit = try Self.mebibytes(config, "max-body", 32, upTo: 4096)
        uploadLimit = try Self.mebibytes(config, "max-upload", 16_384, upTo: 1 << 24)
        (allowedProviders, pluginMemory) = try Self.plugins(config)
        pluginSockets = config.string(forKey: "plugin-comm-root").flatMap(Self.path)
        history = try Self.history(config)
        selfCheck = try Self.selfCheck(config)
        logLevel = try Self.logLevel(config)
    }

    /// A size that is given in MiB, in bytes.
    private static func mebibytes(
        _ config: ConfigReader, _ name: ConfigKey, _ usual: Int, upTo most: Int
    ) throws -> Int {
        let number = config.int(forKey: name, default: usual)
        guard (1...most).contains(number) else {
            throw ValidationError("\(name) is \(number): give a number of MiB from 1 to \(most)")
        }
        return number << 20
    }

    private static func logLevel(_ config: ConfigReader) throws -> Logger.Level {
        let level = config.string(forKey: "log-level", default: "info")
        guard let logLevel = Logger.Level(rawValue: level) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("log-level is \(level): give one of \(known)")
        }
        return logLevel
    }

    private static func disabled(_ config: ConfigReader) -> Set<ServiceStates.Service> {
        let switches: [(ServiceStates.Service, ConfigKey)] = [
            (.dhcp, "disable-dhcp"), (.dhcp, "no-dhcp"), (.tftp, "disable-tftp"), (.binl, "disable-binl"),
            (.files, "disable-provisioner"), (.secureFiles, "disable-provisioner"),
        ]
        return Set(switches.filter { config.bool(forKey: $0.1, default: false) }.map(\.0))
    }

    private static func trustedProxies(_ config: ConfigReader) throws -> TrustedProxies {
        let texts = config.string(forKey: "trusted-proxy", default: "").parts(between: ",").map { text in
            String(text.filter { !$0.isWhitespace })
        }
        return TrustedProxies(
            try texts.filter { !$0.isEmpty }.map { text in
                let alone = IPAddress(text).flatMap { CIDRBlock(address: $0, prefixLength: $0.isV4 ? 32 : 128) }
                guard let network = alone ?? CIDRBlock(text) else {
                    throw ValidationError(
                        "trusted-proxy is \(text): give an address or a network such as 10.0.0.0/24, several with commas"
                    )
                }
                return network
            })
    }

    private static func timeouts(_ config: ConfigReader) throws -> Timeouts {
        var timeouts = Timeouts()
        timeouts.head = try time(config, "request-timeout", "30s")
        timeouts.bodyWindow = timeouts.head
        timeouts.idle = try time(config, "idle-timeout", "300s")
        timeouts.write = try time(config, "write-timeout", "30s")
        return timeouts
    }

    private static func time(_ config: ConfigReader, _ name: String, _ usual: String) throws -> Duration {
        let text = config.string(forKey: ConfigKey(name), default: usual)
        guard let time = Duration(musterText: text, defaultUnit: .seconds), time >= .seconds(1) else {
            throw ValidationError("\(name) is \(text): give a time of a second at least, such as 30s or 5m")
        }
        return time
    }

    private static func plugins(_ config: ConfigReader) throws -> (ProviderAllowance, memory: Int) {
        let text = config.string(forKey: "plugins", default: "all")
        guard let allowance = ProviderAllowance(text) else {
            throw ValidationError(
                "plugins is `\(text)`: give all, none, or names of providers with commas between them")
        }
        let mebibytes = config.int(forKey: "plugin-memory", default: 8_192)
        guard (64...(1 << 20)).contains(mebibytes) else {
            throw ValidationError("plugin-memory is \(mebibytes): give a number of MiB, 64 at least")
        }
        return (allowance, mebibytes << 20)
    }

    private static func history(_ config: ConfigReader) throws -> HistoryRetention {
        let age = config.string(forKey: "history-age", default: "90d")
        guard let duration = Duration(musterText: age, defaultUnit: .days), duration >= .seconds(60) else {
            throw ValidationError("history-age is \(age): give a time of a minute at least, such as 90d or 12h")
        }
        let mebibytes = config.int(forKey: "history-size", default: 2048)
        guard (1...(1 << 30)).contains(mebibytes) else {
            throw ValidationError("history-size is \(mebibytes): give a number of MiB, 1 at least")
        }
        return HistoryRetention(age: duration, size: mebibytes << 20)
    }

    private static func selfCheck(_ config: ConfigReader) throws -> String? {
        let text = config.string(forKey: "self-check", default: "@daily")
        if text.hasSameUTF8(as: "off") { return nil }
        do {
            _ = try CronExpression(text)
            return text
        } catch {
            throw ValidationError("self-check is \(text): \(error); give a cron expression such as `0 3 * * *`, or off")
        }
    }

    private static func port(_ config: ConfigReader, _ name: String, _ usual: Int) throws -> Int {
        let text = config.string(forKey: ConfigKey(name))
        let port = config.int(forKey: ConfigKey(name)) ?? (text == nil ? usual : -1)
        guard (0...65535).contains(port) else {
            throw ValidationError("\(name) is \(text ?? String(port)): give a port from 0 to 65535, 0 for any free one")
        }
        return port
    }

    private static func ports(_ config: ConfigReader) throws -> ServerConfiguration.Ports {
        var ports = ServerConfiguration.Ports()
        ports.secureFiles = try port(config, "static-secure-port", ports.secureFiles)
        ports.tftp = try port(config, "tftp-port", ports.tftp)
        ports.dhcp = try port(config, "dhcp-port", ports.dhcp)
        ports.binl = try port(config, "binl-port", ports.binl)
        return ports
    }

    private static func path(_ text: String) -> FilePath? {
        text.isEmpty ? nil : FilePath(workingDirectory).pushing(FilePath(text))
    }

    private static var workingDirectory: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}

extension Settings {
    /// Opens the store that the settings name.
    ///
    /// - Parameters:
    ///   - catalog: the object types, of which some stores make files.
    ///   - isReadOnly: whether nothing is to be written.
    ///   - progress: told how far something is that takes long.
    /// - Throws: `StoreError` saying why it cannot be opened.
    func openStore(
        _ catalog: Catalog, isReadOnly: Bool = false, progress: (StoreProgress) -> Void
    ) throws(StoreError) -> any KeyValueStore {
        var locator = try StoreLocator(backend)
        if isReadOnly {
            locator = locator.readOnly
        } else if isRepairing, locator.scheme == "directory" {
            // Other kinds have nothing that people break by editing it.
            locator = locator.setting("repair", to: "true")
        }
        return try locator.open(
            relativeTo: baseRoot.string, of: .local(showing: ObjectFiles(catalog)), progress: progress)
    }
}
