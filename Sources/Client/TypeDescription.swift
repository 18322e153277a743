import Basics
public import JSON

/// What the server tells of one of its types: enough for commands, tables and completion (`GET /system/types`).
public struct TypeDescription: Sendable {
    /// The name in URLs.
    public let name: String
    /// Other names that mean the type.
    public let aliases: [String]
    /// The field that holds the key.
    public let keyField: String
    /// The fields, with the kind of their values.
    public let fields: [Field]
    /// The indexes that lists filter and sort by.
    public let indexes: [Index]
    /// What can be done with the type's objects: `list`, `get`, `create`, `update`, `delete`, `params`.
    public let verbs: [String]

    /// The places of fields, by their names in lower case.
    private let places: [Identifier: Int]

    /// A field of a type.
    public struct Field: Sendable {
        /// The name.
        public let name: String
        /// `string`, `number`, `boolean`, `list`, `map`, `object` or `any`.
        public let kind: String
        /// Whether only the server sets it.
        public let isServerSet: Bool
    }

    /// An index of a type.
    public struct Index: Sendable {
        /// The name.
        public let name: String
        /// Whether no two objects share a value.
        public let isUnique: Bool
        /// Whether it has the elements of lists.
        public let isList: Bool
    }

    /// The description that a value is; nil if it is none.
    public init?(_ value: JSONValue) {
        guard let name = value["name"]?.stringValue, let keyField = value["key"]?.stringValue else { return nil }
        self.name = name
        self.keyField = keyField
        aliases = value["aliases"]?.arrayValue?.compactMap(\.stringValue) ?? []
        verbs = value["verbs"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let fields = (value["fields"]?.arrayValue ?? []).compactMap { field -> Field? in
            guard let name = field["name"]?.stringValue else { return nil }
            return Field(
                name: name, kind: field["kind"]?.stringValue ?? "any",
                isServerSet: field["serverSet"]?.boolValue ?? false)
        }
        self.fields = fields
        places = Dictionary(fields.indices.map { (Identifier(fields[$0].name.asciiLowercased), $0) }) { first, _ in
            first
        }
        indexes = (value["indexes"]?.arrayValue ?? []).compactMap { index in
            guard let name = index["name"]?.stringValue else { return nil }
            return Index(
                name: name, isUnique: index["unique"]?.boolValue ?? false, isList: index["list"]?.boolValue ?? false)
        }
    }

    /// The field called `name`, without regard to case.
    public func field(_ name: String) -> Field? {
        places[Identifier(name.asciiLowercased)].map { fields[$0] }
    }

    /// The field called `name`, without regard to case.
    ///
    /// - Throws: `ClientError` of kind `usage` with the field that comes near, or else with all of them.
    public func knownField(_ name: String) throws(ClientError) -> Field {
        if let field = field(name) { return field }
        let hint =
            NearestWord.to(name, among: fields.map(\.name)).map { "Did you mean \($0)?" }
            ?? "They have \(fields.map(\.name).joined(separator: ", "))"
        throw ClientError(.usage, "objects of \(self.name) have no field `\(name)`. \(hint)")
    }
}

/// The types of a server.
public struct TypeDescriptions: Sendable {
    /// The types in the order of their names.
    public let all: [TypeDescription]

    /// The types that an answer lists.
    ///
    /// - Throws: `ClientError` of kind `malformed`.
    public init(_ value: JSONValue) throws(ClientError) {
        guard let values = value.arrayValue else {
            throw ClientError(.malformed, "the answer to GET system/types is no JSON array")
        }
        all = values.compactMap { TypeDescription($0) }
    }

    /// The type that a name or an alias means, without regard to case.
    ///
    /// - Throws: `ClientError` of kind `usage` with the names that come near.
    public func type(_ name: String) throws(ClientError) -> TypeDescription {
        let wanted = name.asciiLowercased
        if let type = all.first(where: { $0.name.hasSameUTF8(as: wanted) || $0.aliases.contains(bytesOf: wanted) }) {
            return type
        }
        let near = NearestWord.to(wanted, among: all.map(\.name) + all.flatMap(\.aliases))
        let hint = near.map { "Did you mean \($0)?" } ?? "`muster types` lists them."
        throw ClientError(.usage, "there is no type `\(name)`. \(hint)")
    }
}

extension MusterClient {
    /// The types of the server.
    ///
    /// - Throws: `ClientError`.
    public func types() async throws(ClientError) -> TypeDescriptions {
        try TypeDescriptions(try await send(APIRequest("GET", ["system", "types"])).json())
    }
}
