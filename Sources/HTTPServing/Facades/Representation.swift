package import JSON

/// How a facade shows objects of one type.
///
/// Where the wire form is the stored form, the stored bytes are copied as they are; everything else is computed from them
/// when it is sent, one object after the other.
package enum Representation<Object: JSONBytes, Failure: Error>: Sendable {
    /// The stored bytes.
    case stored
    /// What is made of an object.
    case computed(@Sendable (Object) throws(Failure) -> JSONDocument)

    /// An answer with one object.
    package func answer(_ object: Object) throws(Failure) -> Answer {
        switch self {
        case .stored:
            var answer = Answer.json(object.storedDocument)
            answer.isShared = true
            return answer
        case .computed(let compose): return .json(try compose(object))
        }
    }

    /// An array of objects, as an answer's body. A long one is made part by part, as fast as the client takes it.
    ///
    /// - Throws: what making the first part does; what later parts throw breaks the connection.
    package func list(_ objects: [Object]) throws(Failure) -> Answer.Body {
        switch self {
        case .stored: JSONArrayBody(Object.storedDocuments(of: objects)).body
        case .computed(let compose): try ComposedArrayBody(objects, compose).body()
        }
    }
}
