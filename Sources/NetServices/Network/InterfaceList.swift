import Basics
import Synchronization
import Tracker

/// The network interfaces of this host by their indexes, looked up anew when they are a while old or one is not among them.
final class InterfaceList: Sendable {
    private struct State {
        var interfaces: [Int: (name: String, addresses: [IPAddress])] = [:]
        var end: ContinuousClock.Instant?
    }

    private static let lifetime = Duration.seconds(2)
    private let state = Mutex(State())

    /// The name and IPv4 addresses of an interface; nil if there is none.
    func interface(_ index: Int) -> (name: String, addresses: [IPAddress])? {
        state.withLock { state in
            if state.end.map({ ContinuousClock.now > $0 }) ?? true || state.interfaces[index] == nil {
                let current = NetworkInterface.current().map { ($0.index, ($0.name, $0.v4Addresses)) }
                state.interfaces = Dictionary(current) { first, _ in first }
                state.end = .now + Self.lifetime
            }
            return state.interfaces[index]
        }
    }
}

extension NetworkInterface {
    /// The IPv4 addresses.
    var v4Addresses: [IPAddress] { addresses.compactMap { CIDRBlock($0)?.address }.filter(\.isV4) }
}
