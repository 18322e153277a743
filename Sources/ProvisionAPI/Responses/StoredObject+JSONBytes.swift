import HTTPServing
package import JSON
package import Tracker

extension StoredObject: JSONBytes {
    package var storedDocument: JSONDocument { document }
    package static func storedDocuments(of items: [StoredObject]) -> [JSONDocument] { items.map { $0.document } }
}
