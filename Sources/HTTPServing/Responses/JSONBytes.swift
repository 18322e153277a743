package import JSON

/// What lends the bytes of a JSON document. Objects are sent without a list of their documents being made first, since
/// counting the references of each would take longer than the copy.
package protocol JSONBytes: Sendable {
    var byteCount: Int { get }
    func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void)
    /// The document, whose bytes are not copied.
    var storedDocument: JSONDocument { get }
}

extension JSONDocument: JSONBytes {
    package var storedDocument: JSONDocument { self }
    package var byteCount: Int { bytes.count }
    package func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void) { withUnsafeBytes(body) }
}
