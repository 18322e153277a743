import Basics
import CNetworking
import Glibc
public import Logging
public import ServiceLifecycle
import Tracker

/// Tells who looks for an IPv6 router that there is none here (RFC 4861, lifetime 0): firmware that gets no answer waits for long
/// before it loads anything over IPv4.
public struct RouterAdvertiser: Service {
    private let interface: String
    private let states: ServiceStates
    private let logger: Logger

    /// How often it is told to everybody without being asked, in milliseconds.
    private static let interval: Int32 = 10_000
    /// How long it is not told again, in microseconds.
    private static let pause: UInt32 = 100_000

    /// An advertiser on one interface.
    ///
    /// - Parameter states: is told what has become of it.
    public init(_ interface: String, _ states: ServiceStates, logger: Logger) {
        (self.interface, self.states, self.logger) = (interface, states, logger)
    }

    /// Answers until the surrounding service group shuts down; does without if it may not.
    public func run() async throws {
        let opened = muster_advertiser_open(interface)
        var ends: [Int32] = [0, 0]
        guard opened >= 0, pipe(&ends) == 0 else {
            let cause = "router advertisements on \(interface) cannot be sent: \(String(cString: strerror(-opened)))"
            states[.advertisements] = .failed(cause)
            logger.error("a service cannot be started", metadata: ["cause": "\(cause)"])
            return try await gracefulShutdown()
        }
        states[.advertisements] = .serving
        logger.info("serving", metadata: ["service": "router advertisements", "interface": "\(interface)"])
        let (wake, end, name) = (ends[0], ends[1], interface)
        let thread = try? SystemThread { Self.answerAll(opened, wake, name) }
        try? await gracefulShutdown()
        var byte: UInt8 = 0
        _ = write(end, &byte, 1)
        if let thread { await BlockingPool.shared.run { thread.join() } }
        for each in [opened, wake, end] { close(each) }
    }

    private static func answerAll(_ descriptor: Int32, _ wake: Int32, _ interface: String) {
        repeat {
            let found = NetworkInterface.current().first { $0.name.hasSameUTF8(as: interface) }
            if let hardware = found.flatMap({ MACAddress($0.hardwareAddress) }), hardware.bytes.count == 6 {
                _ = muster_advertiser_send(descriptor, interface, hardware.bytes)
            }
            usleep(pause)
        } while muster_advertiser_wait(descriptor, wake, interval) == 1
    }
}
