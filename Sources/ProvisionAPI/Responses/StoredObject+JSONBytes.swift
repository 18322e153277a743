import HTTPServing
package import JSON
package import Tracker

extension StoredObject: JSONBytes {
    package var storedDocument: JSONDocument { document }
    package var byteCount: Int { document.bytes.count }
    package func withJSONBytes(_ body: (UnsafeRawBufferPointer) -> Void) { document.withUnsafeBytes(body) }
}
