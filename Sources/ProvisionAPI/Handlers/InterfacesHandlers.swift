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

    private static func list(_ call: RequestContext) -> Answer {
        let seen = call.readAuthorization()["interfaces"]
        let all = call.mayList ? NetworkInterface.current() : []
        let interfaces = all.filter { seen.sees(ByteString($0.name), claimed: $0.name) }
        return .list(interfaces.map(value), isHead: call.isHead)
    }

    private static func get(_ call: RequestContext) throws -> Answer {
        let name = call["key"]
        let isListed = call.readAuthorization()["interfaces"].isListed(ByteString(name))
        guard isListed, let interface = NetworkInterface.current().first(where: { $0.name.hasSameUTF8(as: name) })
        else { throw notFound(name) }
        return .json(value(of: interface))
    }

    /// The refusal of an interface that is not there.
    static func notFound(_ name: String) -> TrackerError {
        TrackerError(.notFound, "interfaces", key: name, "No interface")
    }

    private static func value(of interface: NetworkInterface) -> JSONValue {
        [
            "Name": .string(interface.name), "Index": JSONValue(interface.index),
            "Addresses": JSONValue(interface.addresses), "ActiveAddress": .string(interface.addresses.first ?? ""),
            "Gateway": "", "DnsServers": [], "DnsDomain": "", "ReadOnly": true, "Meta": [:],
        ]
    }
}
