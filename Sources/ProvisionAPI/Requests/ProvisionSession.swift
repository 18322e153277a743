import Access
import HTTPServing
import Logging
import Tracker

/// On whose behalf a request of `/api/v3` is answered, and from what state.
struct ProvisionSession: FacadeSession {
    static let basePath = "/api/v3"

    let services: Services
    /// Who asks; nil on routes that are open to all.
    let principal: Principal?
    /// The newest durable state at the time the request came, or the past one that it asks for; the same for all of its
    /// parts.
    var snapshot: Snapshot
    /// The state that says what the caller may see, if it is not `snapshot`.
    var accessSnapshot: Snapshot?
    /// Under what the answer to a write is to be kept; nil if the client does not say that it may send it again.
    var answerKey: AnswerKey?
    let logger: Logger

    typealias Requirement = AccessRequirement

    var caller: String? { principal?.displayed }
}

/// One request of `/api/v3` that is being answered: what was asked, by whom, and the state to answer from.
typealias RequestContext = HTTPServing.RequestContext<ProvisionSession>

/// One thing that `/api/v3` answers.
typealias Route = HTTPServing.Route<ProvisionSession>

/// All that `/api/v3` answers.
typealias RouteTable = HTTPServing.RouteTable<ProvisionSession>

extension RequestPath {
    /// A target of `/api/v3`. Our own id may stand before the base (C §2), and placeholders are filled, since a client in wide
    /// use sends `{name}` as it is (C §21).
    init(_ target: String, endpoint: String) { self.init(target, .provision(endpoint: endpoint)) }
}

extension PathRules {
    /// How `/api/v3` reads paths on the endpoint of that id.
    static func provision(endpoint: String) -> PathRules {
        PathRules(base: ProvisionSession.basePath, prefix: endpoint, fillsPlaceholders: true)
    }
}
