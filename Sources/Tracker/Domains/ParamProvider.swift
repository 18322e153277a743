public import JSON

/// Gives objects of another domain values for their params, where an object that hands params on asks for it by a mark.
///
/// A domain that has something to say about the objects of another one need not know how those resolve their params: what it
/// gives counts in the place of whatever bears the mark. Without a mark it gives nothing.
public struct ParamProvider: Sendable {
    /// What somebody is given: which object it comes from, and that object with the values as its `Params`.
    public typealias Source = (id: ObjectID, object: StoredObject)

    /// The member of `Meta` that is the mark.
    public let mark: String
    /// The values for an object.
    public let provide: @Sendable (_ mark: String, _ object: StoredObject, TypeName, Snapshot) -> Source?

    /// A provider.
    ///
    /// - Parameters:
    ///   - mark: the member of `Meta` that is the mark.
    ///   - provide: gives the values for an object of a type, by the text of the mark; nil for none.
    public init(
        _ mark: String,
        provide: @escaping @Sendable (_ mark: String, _ object: StoredObject, TypeName, Snapshot) -> Source?
    ) {
        (self.mark, self.provide) = (mark, provide)
    }

    /// The values that `object` is given by what bears a mark.
    public func source(
        _ holder: StoredObject, for object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot
    ) -> Source? {
        guard let text = holder.document.member(at: ["Meta", mark])?.string, !text.isEmpty else { return nil }
        return provide(text, object, typeName, snapshot)
    }
}

extension StoredObject {
    /// The same object with these values as its `Params`, and nothing else.
    public func giving(_ params: JSONObject) -> StoredObject {
        StoredObject(
            key: key, document: JSONDocument(.object(["Params": .object(params)])), revision: revision, layer: layer)
    }
}
