import Basics
import JSON
import Logging
import Tracker

/// What the plug-in asks of the server.
extension PluginRunner {
    /// How many objects a list has at the most.
    private static let longestList = 10_000

    /// Answers a call of the program of a run.
    func answer(_ call: PluginCall, _ run: Int) async throws(PluginError) -> JSONValue {
        let tracker = environment.tracker
        switch call {
        case .publish(var event):
            if (event["Principal"]?.stringValue ?? "").isEmpty { event["Principal"] = .string(name) }
            tracker.events.publish(Event(event, time: "\(tracker.environment.now())"))
            return [:]
        case .log(let level, let message):
            logger.log(
                level: Logger.Level(ofPlugin: level.text),
                "\(LineSplitter.printable(message.text.utf8.prefix(LineSplitter.longest)))")
            return [:]
        case .leaving(let reason):
            take(.leaving(run: run, Identifier("The plug-in ends: \(reason.messages.joined(separator: "; "))")))
            return [:]
        case .listObjects(let typeName): return try list(typeName)
        case .getObject(let typeName, let key):
            guard let object = tracker.snapshot.object(typeName, key.text), let type = visible(typeName) else {
                throw PluginError(404, "GET", model: typeName.rawValue, key: key.text, ["Not Found"])
            }
            return type.served(object).value()
        case .saveObject(let typeName, let key, let object): return try await save(typeName, key.text, object)
        case .removeObject(let typeName, let key):
            return try await commit("DELETE", typeName) { draft throws(TrackerError) in
                try draft.remove(typeName, at: key.text)
            }
        }
    }

    private func visible(_ typeName: TypeName) -> ObjectType? { environment.tracker.catalog.visibleType(typeName) }

    private func list(_ typeName: TypeName) throws(PluginError) -> JSONValue {
        guard let type = visible(typeName), let table = environment.tracker.snapshot[typeName] else {
            throw PluginError(404, "GET", model: typeName.rawValue, ["Not Found"])
        }
        guard table.count <= Self.longestList else {
            let message = "There are \(table.count) of them: ask the API for pages of them"
            throw PluginError(422, "GET", model: typeName.rawValue, [message])
        }
        var list: [JSONValue] = []
        table.forEachObject { object in
            list.append(type.served(object).value())
            return true
        }
        return .array(list)
    }

    private func save(_ typeName: TypeName, _ key: String, _ object: JSONObject) async throws(PluginError) -> JSONValue
    {
        try await commit("POST", typeName) { draft throws(TrackerError) in
            guard !key.isEmpty, draft.view.contains(typeName, key) else { return try draft.create(typeName, object) }
            return try draft.replace(typeName, at: key, with: object)
        }
    }

    private func commit(
        _ method: String, _ typeName: TypeName,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async throws(PluginError) -> JSONValue {
        let tracker = environment.tracker
        let request = TrackerRequest(
            id: tracker.environment.uuid(), principal: name, scope: WriteScope([typeName]))
        do throws(TrackerError) {
            let object = try await tracker.commit(request, body).object(typeName)
            guard let type = visible(typeName) else { return .null }
            return type.served(object).value()
        } catch {
            let code = error.code == .notFound ? 404 : error.code == .unavailable ? 503 : 422
            throw PluginError(code, method, model: error.typeName, key: error.key, error.messages)
        }
    }
}

extension Logger.Level {
    /// The level that a plug-in names, as C §13 has them, or numbers.
    init(ofPlugin name: String) {
        switch name.asciiLowercased {
        case "trace": self = .trace
        case "debug", "2": self = .debug
        case "warn", "warning", "0": self = .warning
        case "error": self = .error
        case "fatal", "panic", "critical": self = .critical
        default: self = .info
        }
    }
}
