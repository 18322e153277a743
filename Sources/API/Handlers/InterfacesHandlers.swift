import Hummingbird
import JSON

/// The network interfaces of this host (C §5.2).
enum InterfacesHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/interfaces", .claim(scope: "interfaces", action: "list"), list),
            Route(.get, "/interfaces/{key}", .claim(scope: "interfaces", action: "get"), get),
        ]
    }

    private static func list(_ call: Call) -> Response { .json(.array(NetworkInterface.current().map(value))) }

    private static func get(_ call: Call) throws -> Response {
        let name = call["key"]
        guard let interface = NetworkInterface.current().first(where: { $0.name == name }) else {
            throw APIError(404, "GET", of: "interfaces", key: name, "No interface")
        }
        return .json(value(of: interface))
    }

    private static func value(of interface: NetworkInterface) -> JSONValue {
        [
            "Name": .string(interface.name), "Index": JSONValue(interface.index),
            "Addresses": JSONValue(interface.addresses), "ActiveAddress": .string(interface.addresses.first ?? ""),
            "Gateway": "", "DnsServers": [], "DnsDomain": "", "ReadOnly": true, "Meta": [:],
        ]
    }
}
