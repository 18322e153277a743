import Basics
import CNetworking
import Glibc
import Tracker

/// A UDP socket for IPv4 of one port, which tells at which interface each datagram came in, and sends where it is told to. It is
/// read on a thread of its own.
final class DatagramSocket: Sendable {
    /// A datagram, and where it came from.
    struct Datagram {
        let bytes: [UInt8]
        let source: IPAddress
        let sourcePort: UInt16
        let interface: Int
    }

    /// Why a socket cannot be had.
    struct Failure: Error, CustomStringConvertible {
        let number: Int32
        let port: Int

        var description: String {
            let hint =
                switch number {
                case EACCES, EPERM:
                    ": ports below 1024 need root, or the capability CAP_NET_BIND_SERVICE"
                case EADDRINUSE: ": another server has it; stop that, or choose another port"
                default: ""
                }
            return "UDP port \(port) cannot be opened: \(String(cString: strerror(number)))\(hint)"
        }
    }

    /// The port.
    let port: UInt16
    private let descriptor: Int32
    private let wakeReading: Int32
    private let wakeWriting: Int32

    /// The longest datagram that is taken.
    private static let longest = 4_096

    /// Opens the port on all of the host's addresses, or on one.
    init(_ port: Int, on address: IPAddress = .none) throws(Failure) {
        guard let number = UInt16(exactly: port) else { throw Failure(number: EINVAL, port: port) }
        let opened = muster_datagram_open(address.networkOrder, number)
        guard opened >= 0 else { throw Failure(number: -opened, port: port) }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            let number = errno
            close(opened)
            throw Failure(number: number, port: port)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, wakeReading, wakeWriting, self.port) = (opened, ends[0], ends[1], number)
    }

    deinit { for each in [descriptor, wakeReading, wakeWriting] { close(each) } }

    /// Hands each datagram to `take`, until `stop` is called.
    func readAll(_ take: (Datagram) -> Void) {
        var buffer = [UInt8](repeating: 0, count: Self.longest)
        while muster_datagram_wait(descriptor, wakeReading) == 1 {
            var origin = muster_datagram()
            while true {
                let length = muster_datagram_receive(descriptor, &buffer, buffer.count, &origin)
                guard length >= 0 else { break }
                take(
                    Datagram(
                        bytes: Array(buffer[..<length]), source: IPAddress(networkOrder: origin.source),
                        sourcePort: origin.source_port, interface: Int(origin.interface)))
            }
        }
    }

    /// Ends reading.
    func stop() {
        var byte: UInt8 = 0
        _ = write(wakeWriting, &byte, 1)
    }

    /// Sends a datagram.
    ///
    /// - Parameters:
    ///   - source: an address of this host; nil for the system's choice.
    ///   - interface: the index of the one to send it out of; 0 for the system's choice.
    /// - Returns: an error number; nil if it was sent.
    func send(
        _ bytes: [UInt8], to address: IPAddress, port: UInt16, from source: IPAddress?, interface: Int
    ) -> Int32? {
        let sent = muster_datagram_send(
            descriptor, bytes, bytes.count, address.networkOrder, port, source?.networkOrder ?? 0, Int32(interface))
        return sent < 0 ? Int32(-sent) : nil
    }

    /// Tells the system the hardware address of who has no address yet.
    ///
    /// - Returns: whether it takes it.
    func setNeighbour(_ address: IPAddress, hardware: [UInt8], type: UInt8, interface: String) -> Bool {
        muster_neighbour_set(descriptor, interface, address.networkOrder, hardware, hardware.count, UInt16(type)) == 0
    }
}

extension IPAddress {
    /// The four bytes of an IPv4 address as sockets have them.
    fileprivate var networkOrder: UInt32 {
        let bytes = isV4 ? bytes : [0, 0, 0, 0]
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }

    /// The address of four bytes as sockets have them.
    fileprivate init(networkOrder number: UInt32) {
        self = withUnsafeBytes(of: number) { IPAddress(bytes: Array($0)) } ?? .none
    }
}
