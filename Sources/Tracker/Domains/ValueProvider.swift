public import JSON

/// Gives objects of another domain values, where an object that hands values on to them asks for it by a mark.
///
/// A domain that has something to say about the objects of another one need not know how those come by their values: what it
/// gives counts in the place of whatever bears the mark. Without a mark it gives nothing.
public struct ValueProvider: Sendable {
    /// What an object is given: values, and the object that they come from.
    public typealias Source = (id: ObjectID, object: StoredObject, values: JSONObject)
    /// Gives the values for an object of a type, by the text of the mark; nil for none.
    public typealias Provide =
        @Sendable (_ mark: String, _ object: StoredObject, _ typeName: TypeName, _ snapshot: Snapshot) -> Source?

    /// The member that is the mark, from the outermost name to its own.
    public let mark: [String]
    private let provide: Provide

    /// A provider.
    ///
    /// - Parameters:
    ///   - mark: the member that is the mark, from the outermost name to its own.
    ///   - provide: gives the values.
    public init(_ mark: [String], provide: @escaping Provide) { (self.mark, self.provide) = (mark, provide) }

    /// The values that `object` is given by what bears a mark; nil if `holder` bears none, or there are no values.
    public func source(
        _ holder: StoredObject, for object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot
    ) -> Source? {
        guard let text = holder.document.member(at: mark)?.string, !text.isEmpty else { return nil }
        return provide(text, object, typeName, snapshot)
    }
}
