import Basics
import Glibc
import NIOCore
import Synchronization

/// A client of the server's sockets that reads only when it is told to, over plain TCP.
final class RawWatcher: Sendable {
    /// A frame as it came.
    struct Frame: Sendable, Equatable {
        let opcode: UInt8
        let data: [UInt8]
        var text: String { String(decoding: data, as: UTF8.self) }
        /// The reason of a close frame.
        var code: Int { data.count < 2 ? 0 : Int(data[0]) << 8 | Int(data[1]) }
    }

    private let descriptor: Int32
    private let unread = Mutex<[UInt8]>([])

    /// Connects, with a receive buffer as small as the system allows.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size: Int32 = 2048
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        let status = try SocketAddress(ipAddress: "127.0.0.1", port: port).withSockAddr { address, size in
            connect(descriptor, address, socklen_t(size))
        }
        guard status == 0 else { throw TestFailure("no connection: \(errno)") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Sends a masked frame, whole.
    func send(_ opcode: UInt8, _ text: String) {
        let data = Array(text.utf8)
        let count: [UInt8] =
            data.count < 126 ? [0x80 | UInt8(data.count)] : [0xfe, UInt8(data.count >> 8), UInt8(data.count & 0xff)]
        send([0x80 | opcode] + count + [0, 0, 0, 0] + data)
    }

    /// Asks for a websocket and registers for everything that happens to profiles.
    func watch(token: String, _ filter: String = "profiles.*.*") async throws {
        send(Array(Self.upgrade(token).utf8))
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) { head += try await read(1) }
        guard String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 101 ") else {
            throw TestFailure(String(decoding: head, as: UTF8.self))
        }
        send(1, "register \(filter)")
        guard try await frame().opcode == 1 else { throw TestFailure("no acknowledgement") }
    }

    /// A request to upgrade.
    static func upgrade(_ token: String) -> String {
        """
        GET /api/v3/ws HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n
        """
    }

    /// The next frame.
    func frame() async throws -> Frame {
        let head = try await read(2)
        var count = Int(head[1])
        if count > 125 { count = try await read(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        return Frame(opcode: head[0] & 0x0f, data: try await read(count))
    }

    /// Everything up to the end of the connection; how many bytes that was.
    func drain() async throws -> Int {
        var count = 0
        while case let part = try await receive(), !part.isEmpty { count += part.count }
        return count
    }

    private func read(_ count: Int) async throws -> [UInt8] {
        while unread.withLock({ $0.count }) < count {
            let part = try await receive()
            guard !part.isEmpty else { throw TestFailure("the connection ended") }
            unread.withLock { $0 += part }
        }
        return unread.withLock { unread in
            defer { unread.removeFirst(count) }
            return Array(unread[..<count])
        }
    }

    /// Reads on a thread that may block; empty at the end of the connection.
    private func receive() async throws -> [UInt8] {
        let descriptor = descriptor
        return try await BlockingPool.shared.run {
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN { throw TestFailure("nothing came for 20 s") }
            return Array(buffer[..<max(0, count)])
        }
    }
}
