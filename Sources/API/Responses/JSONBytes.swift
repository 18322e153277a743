import JSON
import Tracker

/// What lends the bytes of a JSON document. Objects are sent without a list of their documents being made first, since
/// counting the references of each would take longer than the copy.
protocol JSONBytes: Sendable {
    var byteCount: Int { get }
    func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void)
}

extension JSONDocument: JSONBytes {
    var byteCount: Int { bytes.count }
    func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void) { withUnsafeBytes(body) }
}

extension StoredObject: JSONBytes {
    var byteCount: Int { document.bytes.count }
    func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void) { document.withUnsafeBytes(body) }
}
