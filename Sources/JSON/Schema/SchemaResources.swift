/// The names under which a schema document and its parts can be referred to.
struct SchemaResources {
    private let root: JSONValue
    private let draft: SchemaDraft
    /// Where the schema with a URI is; without fragments.
    private var documents: [URIReference: JSONPointer] = [:]
    /// Where the schema with a name (`"$id": "#name"`) is.
    private var anchors: [URIReference: JSONPointer] = [:]

    init(of root: JSONValue, draft: SchemaDraft) throws(JSONSchema.CompileError) {
        self.root = root
        self.draft = draft
        documents[URIReference()] = JSONPointer()
        try collect(from: root, at: JSONPointer(), base: URIReference())
    }

    /// Keywords whose members are schemas by name.
    private static let maps = ["definitions", "properties", "patternProperties", "dependencies"]
    /// Keywords that hold one schema or a list of them. Whatever else an object has is data, and no name in it counts.
    private static let parts = [
        "items", "additionalItems", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else",
        "allOf", "anyOf", "oneOf",
    ]

    private mutating func collect(
        from value: JSONValue, at location: JSONPointer, base: URIReference
    ) throws(JSONSchema.CompileError) {
        guard case .object(let schema) = value else { return }
        let base = try identify(schema, at: location, base: base)
        for key in Self.maps {
            guard case .object(let schemas) = schema[key] else { continue }
            for (name, schema) in schemas {
                try collect(from: schema, at: location.appending(key).appending(name), base: base)
            }
        }
        for key in Self.parts {
            guard case .array(let schemas) = schema[key] else {
                if let part = schema[key] { try collect(from: part, at: location.appending(key), base: base) }
                continue
            }
            for (index, schema) in schemas.enumerated() {
                try collect(from: schema, at: location.appending(key).appending(index), base: base)
            }
        }
    }

    /// Notes the schema's own URI, and returns the base for what is in it.
    private mutating func identify(
        _ schema: JSONObject, at location: JSONPointer, base: URIReference
    ) throws(JSONSchema.CompileError) -> URIReference {
        let keyword = draft.idKeyword(of: schema)
        guard schema["$ref"] == nil, let id = schema[keyword] else { return base }
        guard case .string(let text) = id else {
            throw JSONSchema.CompileError(
                message: "Invalid type. Expected: string, given: \(keyword)", location: location)
        }
        guard let reference = URIReference(text) else {
            throw JSONSchema.CompileError(message: "\(keyword) `\(text)` is no URI reference", location: location)
        }
        let uri = base.resolving(reference)
        if reference.document == URIReference() {
            anchors[uri] = location
            return base
        }
        documents[uri.document] = location
        return uri.document
    }

    /// The schema a `$ref` found at `location` leads to.
    func resolve(_ text: String, at location: JSONPointer) throws(JSONSchema.CompileError) -> JSONPointer {
        guard let reference = URIReference(text) else {
            throw JSONSchema.CompileError(message: "$ref `\(text)` is no URI reference", location: location)
        }
        let uri = base(of: location).resolving(reference)
        guard let document = documents[uri.document] else {
            throw JSONSchema.CompileError(
                message: "$ref `\(text)` leads to another document, and none is ever fetched: "
                    + "put the schema into definitions", location: location)
        }
        let fragment = URIReference.unescape(uri.fragment ?? "") ?? ""
        if let anchor = anchors[uri] { return anchor }
        do {
            let target = JSONPointer(tokens: document.tokens + (try JSONPointer(fragment)).tokens)
            _ = try root.value(at: target)
            return target
        } catch {
            throw JSONSchema.CompileError(message: "$ref `\(text)` leads nowhere", location: location)
        }
    }

    /// The URI references at a location are relative to.
    private func base(of location: JSONPointer) -> URIReference {
        var base = URIReference()
        var value = root
        for token in [nil] + location.tokens.map(Optional.some) {
            if let token, let child = value[JSONPointer(tokens: [token])] { value = child }
            if let schema = value.objectValue, schema["$ref"] == nil,
                let id = schema[draft.idKeyword(of: schema)]?.stringValue, let reference = URIReference(id)
            {
                base = base.resolving(reference).document
            }
        }
        return base
    }
}
