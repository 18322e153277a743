import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NetServices
import Tracker

/// The network interfaces of this host (C §5.2).
enum InterfacesHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/interfaces", .list(scope: "interfaces"), list),
            Route(.get, "/interfaces/{key}", .claim(scope: "interfaces", action: "get"), get),
        ]
    }

    private static func list(_ call: RequestContext) async throws -> Answer {
        let seen = call.readAuthorization()["interfaces"]
        guard call.mayList else { return .list([], isHead: call.isHead) }
        let (all, network) = await present()
        let interfaces = all.filter { seen.sees(ByteString($0.name), claimed: $0.name) }
        return .list(interfaces.map { value(of: $0, in: network) }, isHead: call.isHead)
    }

    private static func get(_ call: RequestContext) async throws -> Answer {
        let name = call["key"]
        guard call.readAuthorization()["interfaces"].isListed(ByteString(name)) else { throw notFound(name) }
        let (all, network) = await present()
        guard let interface = all.first(where: { $0.name.hasSameUTF8(as: name) }) else { throw notFound(name) }
        return .json(value(of: interface, in: network))
    }

    /// The interfaces as they are now, and what the host knows of the networks around them.
    private static func present() async -> ([NetworkInterface], HostNetwork) {
        await BlockingPool.shared.run { (NetworkInterface.current(), HostNetwork.current()) }
    }

    /// The refusal of an interface that is not there.
    static func notFound(_ name: String) -> TrackerError {
        TrackerError(.notFound, "interfaces", key: name, "No interface")
    }

    private static func value(of interface: NetworkInterface, in network: HostNetwork) -> JSONValue {
        let gateway = network.gateways[Identifier(interface.name)]
        return [
            "Name": .string(interface.name), "Index": JSONValue(interface.index),
            "Addresses": JSONValue(interface.addresses), "ActiveAddress": .string(interface.addresses.first ?? ""),
            "Gateway": .string(gateway ?? ""), "DnsServers": JSONValue(gateway == nil ? [] : network.nameServers),
            "DnsDomain": .string(gateway == nil ? "" : network.domain), "ReadOnly": true, "Meta": [:],
        ]
    }
}
