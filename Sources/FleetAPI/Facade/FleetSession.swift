package import Fleet
import HTTPServing
package import Logging
import Tracker

/// What is known of a request to the inventory: who asks, and the state that answers it.
package struct FleetSession: FacadeSession {
    /// What a route takes: a level, which is asked for once query and body make sense (F §1, Order).
    package typealias Requirement = FleetCaller.Level

    package static let basePath = "/v1"

    /// Who asks, and what they may see and do.
    let rights: FleetRights
    /// The newest durable state at the time the request came.
    let snapshot: Snapshot
    package let logger: Logger

    package var caller: String? { rights.caller.principal }
}

/// One request to the inventory that is being answered.
typealias FleetContext = RequestContext<FleetSession>
