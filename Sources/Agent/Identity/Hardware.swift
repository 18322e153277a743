import Basics
import Glibc
import JSON

/// What a machine says of itself, for the server to tell which one it is (C §15.5). Reading it blocks.
struct Hardware: Sendable {
    /// The addresses of its network cards, in the order of the cards' names.
    let addresses: [String]
    /// The identity that its firmware tells; empty if that says nothing.
    let systemUUID: String
    /// Its architecture, as dr-provision names it.
    let architecture: String

    /// The machine of those properties.
    init(addresses: [String], systemUUID: String, architecture: String) {
        (self.addresses, self.architecture) = (addresses, architecture)
        // Firmware of some makes has the same identity in all machines: one of nothing but 0 or F says nothing.
        let tells = systemUUID.utf8.contains { (0x31...0x39).contains($0) || (0x41...0x45).contains($0 & 0xDF) }
        self.systemUUID = tells ? systemUUID : ""
    }

    /// This machine, as the kernel shows it.
    ///
    /// - Parameter sys: where the kernel shows devices.
    static func read(sys: String = "/sys") -> Hardware {
        let cards = (Folder.names(in: "\(sys)/class/net") ?? []).sortedByBytes().filter { card in
            Folder.exists("\(sys)/class/net/\(card)/device")
        }
        var system = utsname()
        uname(&system)
        let machine = withUnsafeBytes(of: system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return Hardware(
            addresses: cards.map { line(of: "\(sys)/class/net/\($0)/address") }.filter { !$0.isEmpty },
            systemUUID: line(of: "\(sys)/class/dmi/id/product_uuid"),
            architecture: ["x86_64": "amd64", "aarch64": "arm64"][Identifier(machine)] ?? machine)
    }

    private static func line(of path: String) -> String {
        let text = String(decoding: SmallFile.read(path) ?? [], as: UTF8.self)
        return String(text.parts(between: "\n")[0].trimmedSpaces)
    }

    /// What `POST /whoami` is asked with.
    var whoami: JSONValue {
        ["MacAddrs": JSONValue(addresses), "Fingerprint": ["SystemUUID": .string(systemUUID)]]
    }

    /// The machine, for a server that does not know it.
    ///
    /// - Parameters:
    ///   - prefix: what its name begins with; the address of its first card follows.
    ///   - workflow: what it is to do; empty for nothing.
    ///   - address: by which it reaches the server.
    func object(named prefix: String, workflow: String, address: String?) -> JSONValue {
        let mac = addresses[0].parts(between: ":").joined(separator: "-")
        var object: JSONObject = [
            "Name": .string(prefix + mac), "Arch": .string(architecture), "HardwareAddrs": JSONValue(addresses),
            "Fingerprint": ["SystemUUID": .string(systemUUID)],
        ]
        if let address { object["Address"] = .string(address) }
        if !workflow.isEmpty { object["Workflow"] = .string(workflow) }
        return .object(object)
    }
}
