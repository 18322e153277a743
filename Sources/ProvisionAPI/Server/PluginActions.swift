import Access
import Basics
import JSON
import Plugins
import Provisioning
import Tracker

/// The actions that plug-ins offer (C §10).
struct PluginActions: ActionProvider {
    private let host: PluginHost

    /// The actions of the plug-ins that `host` runs.
    init(_ host: PluginHost) { self.host = host }

    func run(_ invocation: ActionInvocation, in view: Snapshot) async throws(APIError) -> JSONValue {
        let (plugin, action) = try offer(invocation, in: view, "INVOKE", or: invocation.notFound)
        let parameters = try parameters(of: action, invocation, in: view, "INVOKE")
        let body: JSONValue = [
            "Model": model(of: invocation.target, in: view), "Plugin": .string(plugin),
            "Command": .string(action.command), "CommandSet": "", "Params": .object(parameters),
        ]
        do throws(PluginError) {
            return try await host.run(on: plugin, body)
        } catch {
            let typeName = invocation.target.typeName.rawValue
            throw APIError(
                error.code, error.type.isEmpty ? "INVOKE" : error.type,
                of: error.model.isEmpty ? typeName : error.model,
                key: error.key.isEmpty ? invocation.givenKey : error.key, error.messages)
        }
    }

    func list(on target: ObjectID, plugin: String?, in view: Snapshot) throws(TrackerError) -> [JSONValue] {
        let offered = view.offeredActions(on: Self.model(of: target), by: plugin).filter(\.isAvailable)
        if offered.isEmpty { return [] }
        let values = try ActionParameters(of: target, in: view)
        return offered.map(\.action).filter { action in
            action.requiredParams.allSatisfy { values.value(of: $0) != nil }
        }.map(\.value)
    }

    func find(_ invocation: ActionInvocation, in view: Snapshot) throws(APIError) -> JSONValue {
        let (_, action) = try offer(invocation, in: view, "GET", or: invocation.unknown)
        _ = try parameters(of: action, invocation, in: view, "GET")
        return action.value
    }

    /// The plug-in that is to run an action: the first that offers it and can be asked.
    ///
    /// - Throws: `refusal` where none offers it, with 503 why all that do cannot be asked.
    private func offer(
        _ invocation: ActionInvocation, in view: Snapshot, _ type: String, or refusal: APIError
    ) throws(APIError) -> (plugin: String, action: AvailableAction) {
        let offered = view.offeredActions(on: Self.model(of: invocation.target), by: invocation.plugin).filter {
            $0.action.command.hasSameUTF8(as: invocation.name)
        }
        guard let first = offered.first else { throw refusal }
        guard let found = offered.first(where: \.isAvailable) else {
            let messages = ["Plugin \(first.plugin) cannot run \(invocation.name) at present"] + first.errors
            throw APIError(
                503, type, of: invocation.target.typeName.rawValue, key: invocation.givenKey, messages)
        }
        return (found.plugin, found.action)
    }

    /// The params that an action gets: those that come with the call, and of its own those that the object has.
    ///
    /// - Throws: with 400 which of them are missing, or break the schemas of their Params.
    private func parameters(
        of action: AvailableAction, _ invocation: ActionInvocation, in view: Snapshot, _ type: String
    ) throws(APIError) -> JSONObject {
        let values: ActionParameters
        do throws(TrackerError) {
            values = try ActionParameters(of: invocation.target, in: view)
        } catch {
            throw APIError(422, type, of: error.typeName, key: error.key, error.messages)
        }
        var parameters = JSONObject(invocation.parameters.map { ($0, values.opened($1, givenFor: $0)) })
        var problems: [String] = []
        for name in action.requiredParams + action.optionalParams where parameters[name] == nil {
            parameters[name] = values.value(of: name)
        }
        for name in action.requiredParams where parameters[name] == nil {
            problems.append("Action \(action.command) Missing Parameter \(name)")
        }
        for (name, value) in parameters {
            problems += ParamSchema.failures(of: value, as: name, in: view).map {
                "Action \(action.command): Invalid Parameter: \(name): : \($0)"
            }
        }
        guard problems.isEmpty else {
            throw APIError(
                400, type, of: invocation.target.typeName.rawValue, key: invocation.givenKey, problems)
        }
        return parameters
    }

    /// What actions on an object are declared for; empty for the system as a whole.
    private static func model(of target: ObjectID) -> String {
        target == ActionInvocation.system ? "" : target.typeName.rawValue
    }

    /// The object as plug-ins get it: sealed params are open to them, who may do everything.
    private func model(of target: ObjectID, in view: Snapshot) -> JSONValue {
        guard let object = view[target], let type = view.catalog[target.typeName] else { return [:] }
        var value = type.served(object).value().objectValue ?? [:]
        if let params = value["Params"]?.objectValue {
            value["Params"] = .object(ParamDecryptor(view)(params, of: target))
        }
        return .object(value)
    }
}

/// The values that an object's params have for an action, sealed ones opened.
private struct ActionParameters {
    private let target: ObjectID
    private let view: Snapshot
    private let resolution: ParamResolution
    private let opener: ParamDecryptor

    /// The params of an object, or of the system as a whole: those of the global profile.
    ///
    /// - Throws: `overBudget`.
    init(of target: ObjectID, in view: Snapshot) throws(TrackerError) {
        let opener = ParamDecryptor(view)
        let reading: ParamResolution.Reading = { _, value, holder in opener(value, of: holder) }
        if let object = view[target] {
            resolution = try ParamResolution(of: object, target.typeName, in: view, reading: reading)
        } else {
            resolution = try ParamResolution(globalIn: view, reading: reading)
        }
        (self.target, self.view, self.opener) = (target, view, opener)
    }

    /// The first value given to `name`; nil if there is none.
    func value(of name: String) -> JSONValue? { resolution.value(of: name) }

    /// A value that came with the call, opened if it is given for a secret and sealed for the object. For any other param a box
    /// stays closed: whoever may run actions could have the object's secrets told by a plug-in.
    func opened(_ value: JSONValue, givenFor name: String) -> JSONValue {
        view.isSecure(name, .provisioning) ? opener(value, of: target) : value
    }
}
