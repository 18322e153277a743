import Basics
import Glibc

/// The service manager that started the process, as systemd does: it is told by datagrams how far the server is (sd_notify(3)).
struct ServiceManager: Sendable {
    /// How long the manager waits for a sign of life before it ends the process; nil if it does not wait.
    let patience: Duration?

    private let socket: [UInt8]

    /// The manager that the environment names; nil if there is none.
    ///
    /// - Parameters:
    ///   - environment: gives a variable's value.
    ///   - process: the id of this process; a watchdog that another one is to answer is left alone.
    init?(environment: (_ name: String) -> String?, process: Int32 = getpid()) {
        var bytes = Array((environment("NOTIFY_SOCKET") ?? "").utf8)
        guard let first = bytes.first, bytes.count < Self.longestPath else { return nil }
        switch first {
        case UInt8(ascii: "/"): break
        // A name without a file begins with a zero byte.
        case UInt8(ascii: "@"): bytes[0] = 0
        default: return nil
        }
        socket = bytes
        let isOurs = environment("WATCHDOG_PID").map { $0.utf8.elementsEqual(String(process).utf8) } ?? true
        let limit = environment("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        patience = isOurs && limit > 0 ? .microseconds(limit) : nil
    }

    /// The manager that the process's environment names; nil if there is none.
    static let current = ServiceManager { getenv($0).map { String(cString: $0) } }

    /// Tells that the server takes requests.
    func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }
    /// Tells what the server is busy with.
    func status(_ status: String) { tell("STATUS=\(status)") }
    /// Tells that the server is alive.
    func isAlive() { tell("WATCHDOG=1") }
    /// Tells that the server stops.
    func stopping() { tell("STOPPING=1") }

    /// The longest path of a socket, in bytes with the zero at its end (unix(7)).
    private static let longestPath = 108

    /// Sends assignments, a line each. What cannot be delivered is dropped: the server does its work without a manager, too.
    private func tell(_ text: String) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket) }
        let length = MemoryLayout<sa_family_t>.size + socket.count + (socket[0] == 0 ? 0 : 1)
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address,
                    socklen_t(length))
            }
        }
    }
}
