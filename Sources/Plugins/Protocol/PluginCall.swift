import Basics
import JSON
import Tracker

/// Something that a plug-in asks of the server, over the unix socket that the server listens on (C §18).
enum PluginCall: Sendable, Equatable {
    /// Tell watchers of an event.
    case publish(JSONObject)
    /// Write a line of the log.
    case log(level: Identifier, message: Identifier)
    /// Know that the plug-in is about to end, and why.
    case leaving(PluginError)
    /// List the objects of a type.
    case listObjects(TypeName)
    /// Show an object.
    case getObject(TypeName, key: Identifier)
    /// Keep an object, in the place of one of its key.
    case saveObject(TypeName, key: Identifier, JSONObject)
    /// Remove an object.
    case removeObject(TypeName, key: Identifier)

    /// Where paths begin: as it is documented, and as the public library of plug-ins spells it.
    private static let roots = ["api-plugin-server", "api-server-plugin"]

    /// The call that a request makes.
    ///
    /// - Throws: with 404 where there is no such call, with 400 where its body makes no sense.
    init(_ method: String, _ target: String, _ body: [UInt8]) throws(PluginError) {
        let path = target.parts(between: "?", maxSplits: 1).first ?? ""
        let segments = path.parts(between: "/").dropFirst().map { PercentEncoding.decode($0) }
        guard segments.count >= 3, Self.roots.contains(bytesOf: segments[0]), segments[1].hasBytePrefix("v") else {
            throw Self.unknown(method, target)
        }
        if segments[2] == "objects", segments.count >= 4 {
            let key = segments.dropFirst(4).joined(separator: "/")
            self = try Self.ofObjects(method, target, TypeName(segments[3]), key, body)
            return
        }
        guard method == "POST", segments.count == 3 else { throw Self.unknown(method, target) }
        switch segments[2] {
        case "publish": self = .publish(try Self.object(body))
        case "log": self = Self.log(try Self.object(body))
        case "leaving": self = .leaving(PluginError(body: body, status: 500))
        default: throw Self.unknown(method, target)
        }
    }

    private static func ofObjects(
        _ method: String, _ target: String, _ typeName: TypeName, _ key: String, _ body: [UInt8]
    ) throws(PluginError) -> PluginCall {
        switch (method, key.isEmpty) {
        case ("GET", true): return .listObjects(typeName)
        case ("GET", false): return .getObject(typeName, key: Identifier(key))
        case ("POST", _), ("PUT", _): return .saveObject(typeName, key: Identifier(key), try object(body))
        case ("DELETE", false): return .removeObject(typeName, key: Identifier(key))
        default: throw unknown(method, target)
        }
    }

    /// A line of the log as the public library of plug-ins sends it; its level is a name or a number.
    private static func log(_ line: JSONObject) -> PluginCall {
        let level = line["Level"]?.stringValue ?? line["Level"]?.intValue.map(String.init) ?? ""
        return .log(level: Identifier(level), message: Identifier(line["Message"]?.stringValue ?? ""))
    }

    private static func object(_ body: [UInt8]) throws(PluginError) -> JSONObject {
        do {
            if case .object(let object) = try JSONValue(parsing: body) { return object }
        } catch {
            throw PluginError(400, "POST", ["\(error)"])
        }
        throw PluginError(400, "POST", ["An object is wanted"])
    }

    private static func unknown(_ method: String, _ target: String) -> PluginError {
        PluginError(404, method, key: target, ["No route"])
    }
}
