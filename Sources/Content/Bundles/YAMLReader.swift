import JSON
import Yams

/// Why a pack's file cannot be used.
public struct BundleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file or directory.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// `path: reason`.
    public var description: String { "\(path): \(reason)" }
}

/// YAML as JSON values. Packs use plain YAML: tags beyond the standard ones, and keys that are not text, are refused.
enum YAMLReader {
    /// Values nested deeper than this are refused, as in JSON.
    static let maxDepth = 256

    /// The value of the one document in `text`.
    ///
    /// - Throws: `BundleError` with the parser's line and reason.
    static func value(_ text: String, path: String) throws(BundleError) -> JSONValue {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw BundleError(path: path, reason: "not readable as YAML: \(error)")
        }
        guard let node else { return .null }
        return try value(node, path: path, depth: 0)
    }

    private static func value(_ node: Node, path: String, depth: Int) throws(BundleError) -> JSONValue {
        guard depth < maxDepth else { throw BundleError(path: path, reason: "nested deeper than \(maxDepth) levels") }
        switch node {
        case .scalar(let scalar): return self.scalar(node, scalar)
        case .alias: throw BundleError(path: path, reason: "an alias leads nowhere")
        case .sequence(let items):
            var values: [JSONValue] = []
            for item in items { values.append(try value(item, path: path, depth: depth + 1)) }
            return .array(values)
        case .mapping(let pairs):
            var members: JSONObject = [:]
            for (key, item) in pairs {
                guard let name = key.scalar?.string else {
                    throw BundleError(path: path, reason: "a key is not text")
                }
                guard members[name] == nil else { throw BundleError(path: path, reason: "duplicate key \"\(name)\"") }
                members[name] = try value(item, path: path, depth: depth + 1)
            }
            return .object(members)
        }
    }

    private static func scalar(_ node: Node, _ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if node.null != nil { return .null }
        if let flag = node.bool { return .bool(flag) }
        if let number = node.int { return .number(JSONNumber(number)) }
        if let number = node.float, number.isFinite { return .number(JSONNumber(number)) }
        return .string(scalar.string)
    }
}
