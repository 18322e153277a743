import Basics
import HTTPServing
import Logging
import NetServices
import ProvisionAPI
import Provisioning
import ServiceLifecycle
import SystemPackage
import Tracker

/// The services that machines boot with: one tree over HTTP, HTTPS and TFTP, and DHCP.
struct BootServices {
    let settings: Settings
    let tracker: DataTracker
    let rendering: RenderServices
    let states: ServiceStates
    /// For what is logged about files that machines fetch.
    private let renderer = Logger(label: "renderer")
    /// For what is logged about their addresses.
    private let dhcp = Logger(label: "dhcp")

    /// Those that are wanted.
    ///
    /// - Parameters:
    ///   - port: makes a port of a name, a number and a share of the descriptors.
    ///   - api: has the certificate.
    func services(
        _ port: (_ name: String, _ number: Int, _ share: Int) -> ServedPort, _ api: ServerConfiguration
    ) -> [any Service] {
        let ports = ServerLocation.Ports(
            api: settings.apiPort, files: settings.staticPort, secureFiles: settings.ports.secureFiles)
        let place = ServerPlace(fixedAddress: settings.staticAddress.flatMap { IPAddress($0) }, ports: ports)
        let root = settings.baseRoot.appending("tftpboot").string
        let lookaside = Lookaside(settings.baseRoot.appending("lookaside").string)
        let tree = FileTree(root: root, rendering, lookaside: lookaside) { [tracker] in tracker.snapshot }
        let share = DescriptorLimit.files(of: DescriptorLimit.current)
        var services: [any Service] = []
        if isWanted(.files) {
            services.append(
                StaticFileServer(
                    tree: tree, place: place, port: port("static", settings.staticPort, share), service: .files,
                    states: states, logger: renderer))
        }
        if isWanted(.secureFiles), let certificates = api.certificates {
            var secure = port("static-secure", settings.ports.secureFiles, share)
            secure.certificates = certificates
            services.append(
                StaticFileServer(
                    tree: tree, place: place, port: secure, service: .secureFiles, states: states, logger: renderer))
        }
        if isWanted(.tftp) {
            services.append(
                TFTPServer(
                    tree, at: place, host: settings.host, port: settings.ports.tftp, states, logger: renderer))
        }
        services += addressServices(root, place)
        return services
    }

    /// What gives addresses, and what goes with it.
    private func addressServices(_ root: String, _ place: ServerPlace) -> [any Service] {
        var configuration = DHCPServer.Configuration(root: root, ports: place.ports)
        configuration.port = isWanted(.dhcp) ? settings.ports.dhcp : nil
        configuration.proxyPort = isWanted(.binl) ? settings.ports.binl : nil
        configuration.address = IPAddress(settings.host).flatMap { $0.isV4 && $0 != IPAddress("0.0.0.0") ? $0 : nil }
        configuration.fixedAddress = place.fixedAddress
        configuration.isTrusting = settings.isTrustingAddresses
        var services: [any Service] = [DHCPServer(tracker, configuration, states, logger: dhcp)]
        if let interface = settings.advertisedInterface {
            services.append(RouterAdvertiser(interface, states, logger: dhcp))
        }
        return services
    }

    /// Whether a service is wanted; of one that is, it is noted that it starts.
    private func isWanted(_ service: ServiceStates.Service) -> Bool {
        guard !settings.disabled.contains(service) else { return false }
        states[service] = .starting
        return true
    }
}
