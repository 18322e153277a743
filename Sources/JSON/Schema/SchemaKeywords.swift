/// The members of a subschema, read with gojsonschema's checks and complaints.
struct SchemaKeywords {
    typealias CompileError = JSONSchema.CompileError

    private let members: JSONObject
    let location: JSONPointer
    let draft: SchemaDraft

    init(_ members: JSONObject, at location: JSONPointer, draft: SchemaDraft) {
        self.members = members
        self.location = location
        self.draft = draft
    }

    subscript(_ keyword: String) -> JSONValue? { members[keyword] }

    func fault(_ message: String) -> CompileError { CompileError(message: message, location: location) }

    func expected(_ type: String, for keyword: String) -> CompileError {
        fault("Invalid type. Expected: \(type), given: \(keyword)")
    }

    /// Whether a value has the shape of a schema; draft 4 finds out about booleans later.
    func isSchema(_ value: JSONValue) -> Bool { value.kind == .object || value.kind == .bool }

    /// `title` and `description` mean nothing here but have to be strings.
    func checkAnnotations() throws(CompileError) {
        for keyword in ["title", "description"] { _ = try string(keyword) }
    }

    func reference() throws(CompileError) -> String? { try string("$ref") }

    private func string(_ keyword: String) throws(CompileError) -> String? {
        guard let value = members[keyword] else { return nil }
        guard case .string(let text) = value else { throw expected("string", for: keyword) }
        return text
    }

    /// The members of a keyword that maps names to schemas.
    func schemas(_ keyword: String, expected type: String) throws(CompileError) -> JSONObject? {
        guard let value = members[keyword] else { return nil }
        guard case .object(let schemas) = value else { throw expected(type, for: keyword) }
        return schemas
    }

    func types() throws(CompileError) -> [SchemaType] {
        let names: [JSONValue]
        switch members["type"] {
        case nil: return []
        case .array(let several): names = several
        case let one?: names = [one]
        }
        var types: [SchemaType] = []
        for name in names {
            guard case .string(let text) = name else { throw expected("string/array of strings", for: "type") }
            guard let type = SchemaType(rawValue: text) else {
                let valid = SchemaType.allCases.map(\.rawValue).joined(separator: " ")
                throw fault(
                    "has a primitive type that is NOT VALID -- given: /\(text)/ Expected valid values are:[\(valid)]")
            }
            guard !types.contains(type) else { throw fault("\(text) type is duplicated") }
            types.append(type)
        }
        return types
    }

    func enumeration() throws(CompileError) -> [JSONValue] {
        guard let value = members["enum"] else { return [] }
        guard case .array(let values) = value else { throw fault("enum must be of an array") }
        guard Set(values).count == values.count else { throw fault("enum items must be unique") }
        return values
    }

    func required() throws(CompileError) -> [String] {
        guard let value = members["required"] else { return [] }
        guard case .array(let values) = value else { throw fault("required must be of an array") }
        let names = values.compactMap(\.stringValue)
        guard names.count == values.count else { throw fault("required items must be string") }
        guard Set(values).count == values.count else { throw fault("required items must be unique") }
        return names
    }
}
