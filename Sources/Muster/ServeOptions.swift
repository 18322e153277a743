import ArgumentParser
import Configuration

/// The flags of `muster serve` (C §1). All are optional without defaults here: what is not given comes from the environment
/// (`RS_…`), then from the configuration file, then from ``Settings``.
struct ServeOptions: ParsableArguments {
    @Option(help: "Directory that holds everything the server keeps. (default: /var/lib/dr-provision)")
    var baseRoot: String?

    @Option(
        help:
            "Where objects are kept: lmdb:PATH, directory:PATH, file:PATH or memory:. (default: lmdb:<base-root>/muster)"
    )
    var backend: String?

    @Flag(help: "Move files of a directory store that cannot be used out of the way, instead of refusing to start.")
    var repair = false

    @Option(help: "Folder of the backups that are made here. (default: <base-root>/backups)")
    var backupDir: String?

    @Option(help: "Pack to load over uploaded packs: a directory or a YAML or JSON file.")
    var localContent: String?

    @Option(help: "Pack to load below uploaded packs: a directory or a YAML or JSON file.")
    var defaultContent: String?

    @Flag(help: "Refuse to start when a content pack on disk is broken or odd, instead of starting without it.")
    var strictContent = false

    @Option(help: "Port of the API (TLS). (default: 8092)")
    var apiPort: Int?

    @Option(help: "Port of static files. (default: 8091)")
    var staticPort: Int?

    @Option(help: "Address to listen on. (default: all)")
    var host: String?

    @Option(help: "Address that machines reach this server at. (default: the first of the host's own)")
    var staticIp: String?

    @Option(help: "Certificate file in PEM; made when absent. (default: server.crt in the base root)")
    var tlsCert: String?

    @Option(help: "Private key file in PEM; made when absent. (default: server.key in the base root)")
    var tlsKey: String?

    @Flag(
        help:
            "Serve the API in plain HTTP, to a proxy on this host that ends TLS; takes a loopback address as --host."
    )
    var noTls = false

    @Option(
        help:
            "Password of the first user in an empty store; better given as RS_INITIAL_PASSWORD, since others on this host can see command lines. (default: the well-known one)"
    )
    var initialPassword: String?

    @Option(
        help:
            "Certificates in PEM of those who vouch for clients; a client's certificate then logs in the user it names. (default: none)"
    )
    var clientCa: String?

    @Option(
        name: .customLong("trusted-proxy"),
        help:
            "Network of proxies whose X-Forwarded-For or Forwarded says who the client is, such as 10.0.0.0/24; may be repeated. (default: none)"
    )
    var trustedProxies: [String] = []

    @Option(help: "Port of metrics for Prometheus (no TLS, no account). (default: 8080)")
    var metricsPort: Int?

    @Option(help: "How long a client may take to send a request's head, or to get on with its body. (default: 30s)")
    var requestTimeout: String?

    @Option(help: "How long a connection may be idle between requests. (default: 300s)")
    var idleTimeout: String?

    @Option(help: "How long a client may take none of what is sent to it. (default: 30s)")
    var writeTimeout: String?

    @Option(
        help:
            "How many connections one address may have; loopback and trusted proxies may have any number. (default: half the descriptor limit)"
    )
    var maxConnectionsPerAddress: Int?

    @Option(help: "How long stopping may take, whatever clients do. (default: 10s)")
    var shutdownTimeout: String?

    @Option(help: "This endpoint's id. (default: the first network interface's MAC address)")
    var drpId: String?

    @Option(help: "Largest request body, in MiB. (default: 32)")
    var maxBody: Int?

    @Option(help: "Largest file that may be uploaded to files or isos, in MiB. (default: 16384)")
    var maxUpload: Int?

    @Option(help: "How long history is kept. (default: 90d)")
    var historyAge: String?

    @Option(help: "How much history is kept, in MiB. (default: 2048)")
    var historySize: Int?

    @Option(help: "When the server checks itself, as a cron expression in UTC, or off. (default: @daily)")
    var selfCheck: String?

    @Option(help: "Log level: trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "Configuration file in YAML.")
    var config: String?

    @OptionGroup(title: "The inventory's own API, at /v1")
    var fleet: FleetOptions

    @OptionGroup(title: "Services for machines that boot")
    var boot: BootOptions

    @OptionGroup(title: "Plug-ins")
    var plugins: PluginOptions

    /// What was given, as the first of the configuration's providers.
    var values: [AbsoluteConfigKey: ConfigValue] {
        let texts = [
            "base-root": baseRoot, "backend": backend, "local-content": localContent, "default-content": defaultContent,
            "host": host, "static-ip": staticIp, "tls-cert": tlsCert, "tls-key": tlsKey, "drp-id": drpId,
            "log-level": logLevel, "history-age": historyAge, "client-ca": clientCa, "request-timeout": requestTimeout,
            "idle-timeout": idleTimeout, "write-timeout": writeTimeout, "shutdown-timeout": shutdownTimeout,
            "self-check": selfCheck, "backup-dir": backupDir, "router-advertisements": boot.routerAdvertisements,
            "plugins": plugins.plugins, "plugin-comm-root": plugins.pluginCommRoot,
            "fleet-host": fleet.fleetHost, "fleet-keystone": fleet.fleetKeystone,
            "fleet-keystone-user": fleet.fleetKeystoneUser, "fleet-keystone-project": fleet.fleetKeystoneProject,
            "fleet-keystone-domain": fleet.fleetKeystoneDomain,
        ]
        let numbers = [
            "api-port": apiPort, "static-port": staticPort, "max-body": maxBody, "max-upload": maxUpload,
            "history-size": historySize,
            "metrics-port": metricsPort, "max-connections-per-address": maxConnectionsPerAddress,
            "tftp-port": boot.tftpPort, "dhcp-port": boot.dhcpPort, "binl-port": boot.binlPort,
            "static-secure-port": boot.staticSecurePort, "plugin-memory": plugins.pluginMemory,
            "fleet-port": fleet.fleetPort,
        ]
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for case (let name, let text?) in texts { values[[name]] = ConfigValue(.string(text), isSecret: false) }
        for case (let name, let number?) in numbers { values[[name]] = ConfigValue(.int(number), isSecret: false) }
        if !trustedProxies.isEmpty {
            values[["trusted-proxy"]] = ConfigValue(.string(trustedProxies.joined(separator: ",")), isSecret: false)
        }
        if let initialPassword {
            values[["initial-password"]] = ConfigValue(.string(initialPassword), isSecret: true)
        }
        if noTls { values[["no-tls"]] = ConfigValue(.bool(true), isSecret: false) }
        if fleet.fleetTls { values[["fleet-tls"]] = ConfigValue(.bool(true), isSecret: false) }
        for (name, isSet) in boot.flags where isSet {
            values[[name]] = ConfigValue(.bool(true), isSecret: false)
        }
        if repair { values[["repair"]] = ConfigValue(.bool(true), isSecret: false) }
        if strictContent { values[["strict-content"]] = ConfigValue(.bool(true), isSecret: false) }
        return values
    }
}

/// The flags of plug-ins.
struct PluginOptions: ParsableArguments {
    @Option(
        help:
            "Which plug-in providers may be here: all, none, or their names with commas between them. (default: all)")
    var plugins: String?
    @Option(help: "Directory of the sockets of plug-ins. (default: plugin-sockets in the base root)")
    var pluginCommRoot: String?
    @Option(help: "Most memory that a plug-in's program may take, in MiB. (default: 8192)") var pluginMemory: Int?
}

/// The flags of the services beside the API that machines boot with.
struct BootOptions: ParsableArguments {
    @Option(help: "UDP port of TFTP. (default: 69)") var tftpPort: Int?
    @Option(help: "UDP port of DHCP. (default: 67)") var dhcpPort: Int?
    @Option(help: "UDP port on which clients of another DHCP server ask what to boot. (default: 4011)") var binlPort:
        Int?
    @Option(help: "Port of static files over TLS. (default: 8090)") var staticSecurePort: Int?
    @Option(
        help: "Interface on which who looks for an IPv6 router is told that there is none, so that iPXE need not wait.")
    var routerAdvertisements: String?
    @Flag(help: "Give addresses without asking first whether somebody answers there.") var fakePinger = false
    @Flag(name: [.long, .customLong("no-dhcp")], help: "Do not serve DHCP.") var disableDhcp = false
    @Flag(help: "Do not serve TFTP.") var disableTftp = false
    @Flag(help: "Serve no files, and render none.") var disableProvisioner = false
    @Flag(help: "Do not tell clients of another DHCP server what to boot.") var disableBinl = false

    /// The flags that take no value, by their names.
    var flags: [(name: String, isSet: Bool)] {
        [
            ("fake-pinger", fakePinger), ("disable-dhcp", disableDhcp), ("disable-tftp", disableTftp),
            ("disable-provisioner", disableProvisioner), ("disable-binl", disableBinl),
        ]
    }
}

/// The flags of the inventory's API.
struct FleetOptions: ParsableArguments {
    @Option(help: "Port of the inventory's API; 0 for none. (default: 7780)") var fleetPort: Int?
    @Option(help: "Address that the inventory's API listens on. (default: 127.0.0.1)") var fleetHost: String?
    @Flag(help: "Serve the inventory's API over TLS, with the certificate of the API.") var fleetTls = false
    @Option(
        help:
            "Base of OpenStack's identity API, such as https://keystone:5000/v3, whose tokens the inventory's clients then show. (default: they show keys of their own)"
    )
    var fleetKeystone: String?
    @Option(
        help:
            "User that the server is at the identity service; its password is RS_FLEET_KEYSTONE_PASSWORD. (default: muster)"
    )
    var fleetKeystoneUser: String?
    @Option(help: "Project of that user. (default: service)") var fleetKeystoneProject: String?
    @Option(help: "Domain of that user and project. (default: Default)") var fleetKeystoneDomain: String?
}
