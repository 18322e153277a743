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
        guard opened >= 0 else { return try await fail(String(cString: strerror(-opened))) }
        defer { close(opened) }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return try await fail(String(cString: strerror(errno))) }
        let (wake, end, name) = (ends[0], ends[1], interface)
        defer { for each in [wake, end] { close(each) } }
        let thread: SystemThread
        do throws(SystemThreadError) { thread = try SystemThread { Self.answerAll(opened, wake, name) } } catch {
            return try await fail(error.description)
        }
        states[.advertisements] = .serving
        logger.info("serving", metadata: ["service": "router advertisements", "interface": "\(interface)"])
        try? await gracefulShutdown()
        var byte: UInt8 = 0
        _ = write(end, &byte, 1)
        await BlockingPool.shared.run { thread.join() }
    }

    /// Says why it cannot answer, and waits until the surrounding service group shuts down.
    private func fail(_ reason: String) async throws {
        let cause = "router advertisements on \(interface) cannot be sent: \(reason)"
        states[.advertisements] = .failed(cause)
        logger.error("a service cannot be started", metadata: ["cause": "\(cause)"])
        try await gracefulShutdown()
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
