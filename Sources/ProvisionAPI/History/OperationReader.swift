import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Reads the lines of change sets. Whether the caller may do what they say shows when they are drafted.
struct OperationReader {
    let call: RequestContext
    private(set) var operations: [ObjectOperation] = []
    /// The change that is being read.
    private var current = JSONValue.null
    /// What tells one change set from another; kept only if the client may send it again.
    private var digest: Digest?

    init(_ call: RequestContext) {
        self.call = call
        digest = call.request.headers[.idempotencyKey] == nil ? nil : Digest()
    }

    /// Bytes that are the same for a change set that is sent again.
    var fingerprint: [UInt8] { digest?.bytes ?? [] }

    /// Adds one change.
    ///
    /// - Parameter bytes: what tells it from others; made only if that is asked for.
    /// - Throws: `APIError` of status 400 when it makes no sense.
    mutating func add(_ value: JSONValue, sent bytes: @autoclosure () -> [UInt8]) throws(APIError) {
        current = value
        let operation = try operation(value)
        digest?.add(bytes())
        operations.append(operation)
    }

    private func operation(_ value: JSONValue) throws(APIError) -> ObjectOperation {
        guard case .object(let members) = value else { throw malformed("must be an object, not \(value.kindName)") }
        if let other = members.members.first(where: { !Self.known.contains(Identifier($0.key)) })?.key {
            throw malformed("\(other) is none of \(Self.known.sorted().map(\.text).joined(separator: ", "))")
        }
        guard let type = try text(members, "type") else { throw malformed("type is missing") }
        guard call.tracker.catalog.visibleType(TypeName(type)) != nil else {
            throw malformed("there is no type `\(type)`")
        }
        let key = try text(members, "key") ?? ""
        let action = try action(members)
        if case .create = action {} else if key.isEmpty { throw malformed("key is missing") }
        return ObjectOperation(action, TypeName(type), at: key, ifMatch: try text(members, "ifMatch"))
    }

    private static let known: Set<Identifier> = ["op", "type", "key", "object", "patch", "ifMatch"]

    private func action(_ members: JSONObject) throws(APIError) -> ObjectOperation.Action {
        switch try text(members, "op") {
        case "create": return .create(try object(members))
        case "replace": return .replace(try object(members))
        case "delete": return .delete
        case "patch":
            guard let patch = members["patch"] else { throw malformed("patch is missing") }
            do {
                return .patch(try JSONPatch(patch))
            } catch {
                throw malformed(error.description)
            }
        case let other: throw malformed("op must be create, replace, patch or delete, not `\(other ?? "")`")
        }
    }

    private func object(_ members: JSONObject) throws(APIError) -> JSONObject {
        guard case .object(let object) = members["object"] else { throw malformed("object is missing or no object") }
        return object
    }

    private func text(_ members: JSONObject, _ name: String) throws(APIError) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw malformed("\(name) must be text, not \(value.kindName)") }
        return text
    }

    private func malformed(_ problem: String) -> APIError {
        call.badRequest(of: "changes", "change \(operations.count)\(Self.subject(of: current)): \(problem)")
    }

    /// ` (create profiles/x)`, as far as the change says so; else nothing.
    private static func subject(of value: JSONValue) -> String {
        let path = ["type", "key"].compactMap { value[$0]?.stringValue }.filter { !$0.isEmpty }.joined(separator: "/")
        let words = [value["op"]?.stringValue ?? "", path].filter { !$0.isEmpty }
        return words.isEmpty ? "" : " (\(words.joined(separator: " ")))"
    }
}
