public import Client
import Yams

/// The contexts of a user: a YAML file with `current` and `contexts`. Reading and writing it blocks.
public struct ContextFile: Sendable {
    /// The name of the context in use; nil for none.
    public var current: String?
    /// The contexts by name, in the order of their names.
    public private(set) var contexts: [(name: String, context: ClientContext)] = []

    /// A file without contexts.
    public init() {}

    /// The context called `name`; nil if there is none.
    public subscript(name: String) -> ClientContext? {
        get { contexts.first { $0.name.utf8.elementsEqual(name.utf8) }?.context }
        set {
            contexts.removeAll { $0.name.utf8.elementsEqual(name.utf8) }
            guard let newValue else { return }
            contexts.append((name, newValue))
            contexts.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    /// The contexts in the file at `path`; none if there is no file.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    @available(*, noasync)
    public init(path: String) throws(ClientError) {
        guard let text = try PrivateFile(path).read() else { return }
        func wrong(_ reason: String) -> ClientError {
            ClientError(.usage, "\(path) is not a file of contexts: \(reason)")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw wrong("\(error)")
        }
        guard let root else { return }
        guard let members = root.mapping else { throw wrong("it is no map") }
        current = members["current"]?.string
        guard let named = members["contexts"] else { return }
        guard let named = named.mapping else { throw wrong("`contexts` is no map") }
        for (key, value) in named {
            guard let name = key.string, let fields = value.mapping else { throw wrong("a context is no map") }
            self[name] = ClientContext(fields)
        }
    }

    /// Writes the contexts to the file at `path`.
    ///
    /// - Throws: `ClientError` of kind `usage` when it cannot be written.
    @available(*, noasync)
    public func write(to path: String) throws(ClientError) {
        var root = Node.Mapping([])
        if let current { root["current"] = Node(current) }
        root["contexts"] = Node.mapping(.init(contexts.map { (Node($0.name), Node.mapping($0.context.fields)) }))
        let text: String
        do {
            text = try serialize(node: .mapping(root))
        } catch {
            throw ClientError(.usage, "the contexts cannot be written as YAML: \(error)")
        }
        try PrivateFile(path).write(text)
    }
}

extension ClientContext {
    fileprivate init(_ fields: Node.Mapping) {
        self.init()
        endpoint = fields["endpoint"]?.string
        username = fields["username"]?.string
        password = fields["password"]?.string
        token = fields["token"]?.string
        authority = fields["ca"]?.string
        isInsecure = fields["insecure"]?.bool ?? false
    }

    fileprivate var fields: Node.Mapping {
        var fields = Node.Mapping([])
        let texts = [
            ("endpoint", endpoint), ("username", username), ("password", password), ("token", token), ("ca", authority),
        ]
        for (name, value) in texts {
            if let value { fields[name] = Node(value) }
        }
        if isInsecure { fields["insecure"] = Node("true") }
        return fields
    }
}
