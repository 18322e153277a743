import Access
import Basics
import Glibc
import HTTPServing
import JSON
import NetServices
import Provisioning
import Tracker

/// What `GET /info` tells (C §5.5).
struct ServerInfo: Sendable {
    let configuration: ServerConfiguration
    /// The port of the API.
    let port: Int
    let tracker: DataTracker
    /// Knows what can be claimed, and whether the first login is safe.
    let authenticator: Authenticator

    /// What is told for as long as everybody knows how to log in.
    static let knownPassword =
        "User \(DefaultUser.name) has the well-known password: change it with PUT /users/\(DefaultUser.name)/password"

    /// The hardware address of the first network interface that leads out of this host; empty if none has one.
    static var localID: String {
        let candidates = NetworkInterface.current().filter {
            $0.isUp && !$0.isLoopback && !$0.name.hasBytePrefix("veth")
        }
        return candidates.lazy.map(\.hardwareAddress).first { !$0.isEmpty } ?? ""
    }

    /// The encoder form, in the state `snapshot`, with counts of what `readAuthorization` shows.
    func value(in snapshot: Snapshot, _ readAuthorization: ReadAuthorization) -> JSONValue {
        var info = identity
        for part in [services, availability, consensus] { info.merge(part) { $1 } }
        info["stats"] = .array(["machines", "subnets", "contexts"].map { stat($0, snapshot, readAuthorization) })
        info["scopes"] = authenticator.scopes.value
        info["features"] = JSONValue(Features.all)
        info["License"] = Self.license
        info["errors"] = JSONValue(configuration.serviceStates.failures.map { "\($0.service.rawValue): \($0.cause)" })
        if authenticator.hasWellKnownPassword(in: snapshot) { info["warnings"] = [.string(Self.knownPassword)] }
        return .object(info)
    }

    private var identity: JSONObject {
        [
            "arch": .string(Self.architecture), "os": "linux", "version": .string(configuration.version),
            "id": .string(configuration.endpointID), "local_id": .string(Self.localID),
            "ha_id": .string(configuration.endpointID), "uuid": .string(tracker.storeID),
            "address": .string(configuration.address), "server_hostname": .string(Self.hostName), "manager": false,
        ]
    }

    private var services: JSONObject {
        [
            "api_port": JSONValue(port), "file_port": JSONValue(configuration.ports.files),
            "secure_file_port": JSONValue(configuration.ports.secureFiles),
            "dhcp_port": JSONValue(configuration.ports.dhcp), "binl_port": JSONValue(configuration.ports.binl),
            "tftp_port": JSONValue(configuration.ports.tftp), "dns_port": 53,
        ]
    }

    private var availability: JSONObject {
        let states = configuration.serviceStates
        return [
            "tftp_enabled": .bool(states.isServing(.tftp)), "dhcp_enabled": .bool(states.isServing(.dhcp)),
            "binl_enabled": .bool(states.isServing(.binl)), "prov_enabled": .bool(states.isServing(.files)),
            "secure_prov_enabled": .bool(states.isServing(.secureFiles)), "dns_enabled": false,
        ]
    }

    /// A single server is its own leader.
    private var consensus: JSONObject {
        [
            "ha_enabled": false, "ha_virtual_address": "", "ha_is_active": true, "ha_status": "Up",
            "ha_active_id": .string(configuration.endpointID), "ha_consensus_id": .string(tracker.storeID),
            "ha_passive_state": [], "ClusterState": ["Enabled": false, "Nodes": []],
        ]
    }

    /// What is told to those who ask about the cluster.
    var cluster: ClusterState {
        let scheme = configuration.certificates == nil ? "http" : "https"
        return ClusterState(
            id: tracker.storeID, endpoint: configuration.endpointID, hostName: Self.hostName,
            url: "\(scheme)://\(configuration.address):\(port)")
    }

    private func stat(_ typeName: TypeName, _ snapshot: Snapshot, _ readAuthorization: ReadAuthorization) -> JSONValue {
        let ofType = readAuthorization[typeName]
        let count = snapshot[typeName].map { table in
            if ofType.isUnrestricted { return table.count }
            return RowVisibility(candidates: ofType.candidates) { ofType.sees($0) }.count(in: table)
        }
        return ["name": .string("\(typeName).count"), "count": JSONValue(count ?? 0)]
    }

    private static let license: JSONValue = {
        let texts = [
            "Contact", "ContactEmail", "ContactId", "Owner", "OwnerEmail", "OwnerId", "Grantor", "GrantorEmail",
            "Version", "GenerationVersion", "MaxDrpVersion",
        ]
        var license = JSONObject(texts.map { ($0, JSONValue.string("")) })
        license["Licenses"] = []
        return .object(license)
    }()

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        guard gethostname(&name, name.count) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    #if arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "amd64"
    #endif
}
