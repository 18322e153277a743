package import JSON

/// What has a JSON document that is sent as it is.
package protocol JSONBytes: Sendable {
    /// The document, whose bytes are not copied.
    var storedDocument: JSONDocument { get }

    /// The documents of many, in their order. It is asked once for a whole list: to ask each through the protocol takes longer
    /// than to copy its bytes.
    static func storedDocuments(of items: [Self]) -> [JSONDocument]
}
