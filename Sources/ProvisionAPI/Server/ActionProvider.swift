import JSON
import Tracker

/// Who runs actions on objects: plug-ins (C §10, §18).
protocol ActionProvider: Sendable {
    /// Runs an action, and gives its result as the plug-in answered it.
    ///
    /// - Parameters:
    ///   - invocation: what is to run.
    ///   - view: the state in which the object is as the caller sees it.
    /// - Throws: `INVOKE` with 404 where nobody offers it, with 400 where its params do not fit, with 503 where the plug-in does
    ///   not run; and what the plug-in refuses it with.
    func run(_ invocation: ActionInvocation, in view: Snapshot) async throws(APIError) -> JSONValue

    /// The actions on an object that could be run as it is.
    ///
    /// - Parameter plugin: the plug-in that is to run them; nil for any.
    /// - Throws: `overBudget`.
    func list(on target: ObjectID, plugin: String?, in view: Snapshot) throws(TrackerError) -> [JSONValue]

    /// The action that an invocation would run.
    ///
    /// - Throws: `GET` with 404 where nobody offers it, and with 400 where the object lacks its params.
    func find(_ invocation: ActionInvocation, in view: Snapshot) throws(APIError) -> JSONValue
}

/// An action that is to run on an object.
struct ActionInvocation: Sendable {
    /// The action's name.
    let name: String
    /// The plug-in that is to run it; nil for the first that offers it.
    let plugin: String?
    /// The object that it is about; ``system`` for the system as a whole.
    let target: ObjectID
    /// The object's key as the caller gave it, for refusals.
    let givenKey: String
    /// The params that come with the call; they go before the object's own.
    let parameters: JSONObject
    /// On whose behalf.
    let principal: String
}

/// A server without plug-ins, and so without actions.
struct NoActions: ActionProvider {
    func run(_ invocation: ActionInvocation, in view: Snapshot) async throws(APIError) -> JSONValue {
        throw invocation.notFound
    }

    func list(on target: ObjectID, plugin: String?, in view: Snapshot) throws(TrackerError) -> [JSONValue] { [] }

    func find(_ invocation: ActionInvocation, in view: Snapshot) throws(APIError) -> JSONValue {
        throw invocation.unknown
    }
}

extension ActionInvocation {
    /// What actions are about that are about no object.
    static let system = ObjectID("system", ByteString(""))

    /// The refusal where somebody asks for an action that nobody offers.
    var unknown: APIError { APIError(404, "GET", of: target.typeName.rawValue, key: givenKey, "\(name): Not Found") }

    /// The refusal where nobody offers the action.
    var notFound: APIError {
        let provider = plugin.map { " for plugin \($0) not found" } ?? ": Not Found"
        let message = "Action \(name) on \(target.typeName)\(provider)"
        return APIError(404, "INVOKE", of: target.typeName.rawValue, key: givenKey, message)
    }
}
