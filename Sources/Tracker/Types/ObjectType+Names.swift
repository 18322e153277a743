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
                guard let text = value.stringValue else {
                    if let number = value.intValue, number != 0 {
                        named.append(ObjectID(reference.target, IndexValue.integer(Int64(number))))
                    }
                    continue
                }
                if text.isEmpty { continue }
                if let entry = reference.entry {
                    if let id = entry(text) { named.append(id) }
                } else {
                    named.append(ObjectID(reference.target, kind.key(named: text)))
                }
            }
        }
        return named
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
        case .key, .network, .range: []
        }
    }

    private static func values(_ value: JSONValue) -> [JSONValue] { value.arrayValue ?? [value] }
}
