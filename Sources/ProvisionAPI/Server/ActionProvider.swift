import JSON
import Tracker

/// Who runs actions on objects: plug-ins (C §10, §18).
protocol ActionProvider: Sendable {
    /// Runs an action, and gives its result as the plug-in answered it.
    ///
    /// - Parameters:
    ///   - invocation: what is to run.
    ///   - view: the state in which the object is as the caller sees it.
    /// - Throws: `INVOKE` with 404 where nobody offers it, with 400 where its params do not fit, and what the plug-in
    ///   refuses it with.
    func run(_ invocation: ActionInvocation, in view: Snapshot) async throws(APIError) -> JSONValue
}

/// An action that is to run on an object.
struct ActionInvocation: Sendable {
    /// The action's name.
    let name: String
    /// The plug-in that is to run it; nil for the first that offers it.
    let plugin: String?
    /// The object that it is about.
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
}

extension ActionInvocation {
    /// The refusal where nobody offers the action.
    var notFound: APIError {
        let provider = plugin.map { " for plugin \($0) not found" } ?? ": Not Found"
        let message = "Action \(name) on \(target.typeName)\(provider)"
        return APIError(404, "INVOKE", of: target.typeName.rawValue, key: givenKey, message)
    }
}
