public import JSON

extension ObjectType {
    /// The objects that an object names: by its references, and otherwise.
    ///
    /// - Parameter object: in admitted form.
    public func named(by object: JSONObject) -> [ObjectID] {
        var named = mentions?(object) ?? []
        for reference in references {
            let kind = reference.kind(in: schema)
            for value in reference.source.values(in: object) {
                if let id = reference.id(value, kind) { named.append(id) }
            }
        }
        return named
    }
}

extension Reference {
    /// What a field's value names; nil if it is empty, or names nothing.
    ///
    /// - Parameter kind: how the field is read.
    func id(_ value: JSONValue, _ kind: IndexDeclaration.Kind) -> ObjectID? {
        guard let text = value.stringValue else {
            return value.intValue.flatMap { $0 == 0 ? nil : ObjectID(target, IndexValue.integer(Int64($0))) }
        }
        if text.isEmpty { return nil }
        return entry.map { $0(text) } ?? ObjectID(target, kind.key(named: text))
    }
}

extension IndexDeclaration.Source {
    /// The values that stand in an object where the source says; of a list, its elements.
    fileprivate func values(in object: JSONObject) -> [JSONValue] {
        switch self {
        case .field(let name): object[name].map(Self.values) ?? []
        case .member(let field, let name): object[field]?[name].map(Self.values) ?? []
        case .elements(let field, let member):
            (object[field]?.arrayValue ?? []).flatMap { $0[member].map(Self.values) ?? [] }
        case .key, .leaves, .network, .range: []
        }
    }

    private static func values(_ value: JSONValue) -> [JSONValue] { value.arrayValue ?? [value] }
}
