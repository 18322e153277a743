import Basics
import Client
import Glibc
import JSON
import Logging

/// Finds the machine that an agent runs on among those of the server, or makes it known there (C §15.5).
struct MachineSearch: Sendable {
    let server: ServerConnection
    let options: AgentOptions
    let logger: Logger

    /// How long the token lasts that an agent gets for its machine: it may wait for years (C §11.1).
    private static let lifetime = "3y"

    /// The machine that was named, or the one that the server knows this hardware as, or a new one.
    ///
    /// - Throws: `ClientError`.
    func connection() async throws(ClientError) -> MachineConnection {
        if let named = options.machine {
            guard let uuid = UUIDText.canonical(named) else {
                throw ClientError(
                    .usage, "`\(named)` is no UUID of a machine. `muster get machine Name:NAME -o name` tells one")
            }
            return MachineConnection(server: server, uuid: uuid)
        }
        let hardware = await BlockingPool.shared.run { Hardware.read() }
        if let found = try await whoami(hardware) { return found }
        let made = try await register(hardware)
        logger.notice("this machine is new to the server", metadata: ["machine": "\(made)"])
        guard let found = try await whoami(hardware) else {
            throw ClientError(
                .refused,
                "machines/\(made) was made for this hardware, and the server does not know it again: give the machine by "
                    + "--machine and its token by --token")
        }
        return found
    }

    private func whoami(_ hardware: Hardware) async throws(ClientError) -> MachineConnection? {
        let answer = try await server.send(APIRequest("POST", ["whoami"], body: hardware.whoami)).json()
        guard let result = answer["Result"], let uuid = result["Uuid"]?.stringValue, !uuid.isEmpty else { return nil }
        let token = result["Token"]?.stringValue ?? ""
        let own = token.isEmpty ? server : server.with(token: token)
        return MachineConnection(server: try await lasting(own, uuid), uuid: uuid)
    }

    /// The connection by a token of the machine that lasts; by the given one where there is none to be had.
    private func lasting(_ own: ServerConnection, _ uuid: String) async throws(ClientError) -> ServerConnection {
        do throws(ClientError) {
            let request = APIRequest("GET", ["machines", uuid, "token"], query: [("ttl", Self.lifetime)])
            let token = try await own.send(request).json()["Token"]?.stringValue ?? ""
            guard !token.isEmpty else { return own }
            await own.close()
            return own.with(token: token)
        } catch {
            guard error.kind == .denied || error.kind == .refused else { throw error }
            logger.warning("the machine's token will not last", metadata: ["cause": "\(error)"])
            return own
        }
    }

    private func register(_ hardware: Hardware) async throws(ClientError) -> String {
        guard !hardware.addresses.isEmpty else {
            throw ClientError(
                .usage, "this machine has no network card to be known by: give the machine that it is by --machine")
        }
        let address = await BlockingPool.shared.run { [server] in OwnAddress.towards(server.address) }
        let object = hardware.object(named: options.namePrefix, workflow: options.workflow ?? "", address: address)
        return try await server.send(APIRequest("POST", ["machines"], body: object)).json()["Uuid"]?.stringValue ?? ""
    }
}

/// The address by which this machine reaches a server.
enum OwnAddress {
    /// The IPv4 address that the system would send from; nil if there is no way to the server, or only one of IPv6. It blocks
    /// while a name is looked up; nothing is sent to the server.
    static func towards(_ server: ServerAddress) -> String? {
        var hints = addrinfo()
        (hints.ai_family, hints.ai_socktype) = (AF_INET, Int32(SOCK_DGRAM.rawValue))
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.host, "\(server.port)", &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else { return nil }
        var (own, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
        let isKnown = withUnsafeMutablePointer(to: &own) { own in
            own.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
        guard isKnown == 0, inet_ntop(AF_INET, &own.sin_addr, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
