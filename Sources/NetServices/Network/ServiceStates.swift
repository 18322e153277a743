import Basics
import Synchronization

/// What has become of the services beside the API, as `GET /info` and `GET /health` tell it.
public final class ServiceStates: Sendable {
    /// One of them.
    public enum Service: String, CaseIterable, Sendable {
        /// Leases and what to boot, on UDP port 67.
        case dhcp
        /// What to boot, for clients that another server gives addresses.
        case binl
        /// Files over TFTP.
        case tftp
        /// Answers to who looks for an IPv6 router.
        case advertisements = "router_advertisements"
        /// Files over HTTP.
        case files
        /// Files over HTTPS.
        case secureFiles = "secure_files"
        /// The inventory's own API.
        case fleet
    }

    /// What has become of a service.
    public enum State: Sendable {
        /// It is not wanted.
        case off
        /// It is being started.
        case starting
        /// It serves.
        case serving
        /// It does not serve, for this reason.
        case failed(String)
    }

    private let states = Mutex<[Service: State]>([:])

    /// All services off.
    public init() {}

    /// The state of a service.
    public subscript(service: Service) -> State {
        get { states.withLock { $0[service] ?? .off } }
        set { states.withLock { $0[service] = newValue } }
    }

    /// Whether a service serves.
    public func isServing(_ service: Service) -> Bool { if case .serving = self[service] { true } else { false } }

    /// The services that are wanted and do not serve, and why.
    public var failures: [(service: Service, cause: String)] {
        Service.allCases.compactMap { service in
            if case .failed(let cause) = self[service] { (service, cause) } else { nil }
        }
    }
}
