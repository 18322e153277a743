import Client
import Glibc
import JSON
import Yams

/// What `-f` reads: a file or standard input, with JSON or YAML in it.
enum InputDocument {
    /// The largest input, in bytes.
    private static let limit = 256 << 20

    /// The values in a file, or in standard input for `-`; YAML may have several documents.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    static func values(of path: String) throws(ClientError) -> [JSONValue] {
        let text = String(decoding: try bytes(of: path), as: UTF8.self)
        if let value = try? JSONValue(parsing: text) { return [value] }
        var values: [JSONValue] = []
        do {
            for node in try compose_all(yaml: text) { values.append(try value(of: node, depth: 0)) }
        } catch {
            throw ClientError(.usage, "\(path == "-" ? "standard input" : path) is neither JSON nor YAML: \(error)")
        }
        return values
    }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    static func bytes(of path: String) throws(ClientError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { throw failure(path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit { throw ClientError(.usage, "\(path) has more than \(limit) bytes") }
        }
    }

    private static func failure(_ path: String) -> ClientError {
        ClientError(.usage, "cannot read \(path): \(String(cString: strerror(errno)))")
    }

    /// The deepest nesting.
    private static let deepest = 200

    private static func value(of node: Node, depth: Int) throws -> JSONValue {
        guard depth < deepest else { throw ClientError(.usage, "it nests deeper than \(deepest)") }
        switch node {
        case .sequence(let nodes): return .array(try nodes.map { try value(of: $0, depth: depth + 1) })
        case .mapping(let pairs):
            return .object(
                JSONObject(try pairs.map { ($0.key.string ?? "", try value(of: $0.value, depth: depth + 1)) }))
        case .scalar:
            if node.null != nil { return .null }
            if let flag = node.bool { return .bool(flag) }
            if let number = node.string.flatMap({ try? JSONValue(parsing: $0) }), number.numberValue != nil,
                node.int != nil || node.float != nil
            {
                return number
            }
            return .string(node.string ?? "")
        case .alias: throw ClientError(.usage, "aliases are not taken here")
        }
    }
}
