public import JSON

/// A client's JSON for a new object, brought into the form that its type has.
///
/// Admitting looks at the type alone and at no state, so it is done before the object's turn to be drafted comes.
public struct AdmittedObject: Sendable {
    let type: ObjectType
    let object: JSONObject

    /// Admits `input` for an object of `type`.
    ///
    /// - Throws: `undecodable` when it does not fit.
    public init(_ input: JSONObject, _ type: ObjectType) throws(TrackerError) {
        self.type = type
        do {
            object = try type.schema.decodeNew(input)
        } catch {
            throw TrackerError(.undecodable, type.typeName, type.text(.undecodable(error)))
        }
    }
}
