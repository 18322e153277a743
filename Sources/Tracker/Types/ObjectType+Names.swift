public import JSON

extension ObjectType {
    /// The objects that an object names: by its references, and otherwise.
    ///
    /// - Parameter object: in admitted form.
    public func named(by object: JSONObject) -> [ObjectID] {
        var named = mentions?(object) ?? []
        for reference in references {
            for text in reference.source.texts(in: object) where !text.isEmpty {
                if let entry = reference.entry {
                    if let id = entry(text) { named.append(id) }
                } else {
                    named.append(ObjectID(reference.target, ByteString(text)))
                }
            }
        }
        return named
    }
}

extension IndexDeclaration.Source {
    /// The texts that stand in an object where the source says.
    fileprivate func texts(in object: JSONObject) -> [String] {
        switch self {
        case .field(let name): object[name].map(Self.texts) ?? []
        case .member(let field, let name): object[field]?[name].map(Self.texts) ?? []
        case .elements(let field, let member):
            (object[field]?.arrayValue ?? []).flatMap { $0[member].map(Self.texts) ?? [] }
        case .key, .network, .range: []
        }
    }

    private static func texts(_ value: JSONValue) -> [String] {
        value.stringValue.map { [$0] } ?? (value.arrayValue ?? []).compactMap(\.stringValue)
    }
}
