import Basics
import JSON
import Tracker

/// Looks up objects in a snapshot and remembers which, so that what was made of them can be kept for as long as they stay.
struct ObjectReader: Sendable {
    /// What was looked up: objects, in the state in which they were, and texts of objects.
    struct Trace: Sendable {
        private struct Look: Sendable {
            let id: ObjectID
            var revision: Revision?
            var layer: LayerID?
            /// The texts of it that were read; nil if it was looked at as a whole.
            var texts: [(field: String, value: String?)]?

            /// Whether an object, which has changed since, is the same as far as it was read. An object of which one field
            /// counts may change as often as it likes.
            func isSame(_ object: StoredObject?) -> Bool {
                guard let texts else { return false }
                return texts.allSatisfy { text in
                    switch (object?.document.member(text.field)?.string, text.value) {
                    case (let now?, let then?): now.hasSameUTF8(as: then)
                    case (nil, nil): true
                    default: false
                    }
                }
            }
        }

        private var looks: [Look] = []

        /// Adds a look at an object as a whole, once however often it is looked at.
        fileprivate mutating func add(_ id: ObjectID, _ found: StoredObject?) {
            if let position = looks.firstIndex(where: { $0.id == id }) { return looks[position].texts = nil }
            looks.append(Look(id: id, revision: found?.revision, layer: found?.layer))
        }

        /// Adds a look at a text of an object.
        fileprivate mutating func add(_ id: ObjectID, _ found: StoredObject?, _ field: String, _ value: String?) {
            if let position = looks.firstIndex(where: { $0.id == id }) {
                looks[position].texts?.append((field, value))
            } else {
                looks.append(
                    Look(id: id, revision: found?.revision, layer: found?.layer, texts: [(field, value)]))
            }
        }

        /// Whether all that was looked up is in `snapshot` as it was; then it is known to have been so there.
        mutating func holds(in snapshot: Snapshot) -> Bool {
            for position in looks.indices {
                let object = snapshot[looks[position].id]
                if object?.revision == looks[position].revision, object?.layer == looks[position].layer { continue }
                guard looks[position].isSame(object) else { return false }
                (looks[position].revision, looks[position].layer) = (object?.revision, object?.layer)
            }
            return true
        }
    }

    /// Where objects are looked up.
    let snapshot: Snapshot
    /// What was looked up so far.
    private(set) var trace = Trace()

    /// A reader of `snapshot`.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// The object of that type and key.
    mutating func object(_ typeName: TypeName, _ key: String) -> StoredObject? {
        let id = snapshot.catalog.id(typeName, key)
        let found = snapshot[id]
        trace.add(id, found)
        return found
    }

    /// A text field of an object; nil if there is no such object, or it has no such text.
    mutating func text(_ field: String, of typeName: TypeName, _ key: String) -> String? {
        let id = snapshot.catalog.id(typeName, key)
        let found = snapshot[id]
        let value = found?.document.member(field)?.string
        trace.add(id, found, field, value)
        return value
    }
}
