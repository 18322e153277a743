import JSON
import Tracker

/// Looks up objects in a snapshot and remembers which, so that what was made of them can be kept for as long as they stay.
struct ObjectReader: Sendable {
    /// The objects that were looked up, in the state in which they were.
    struct Trace: Sendable {
        private struct Look: Sendable {
            let id: ObjectID
            let revision: Revision?
            let layer: LayerID?
        }

        private var looks: [Look] = []

        /// Adds a look at an object, once however often it is looked at.
        fileprivate mutating func add(_ id: ObjectID, _ found: StoredObject?) {
            guard !looks.contains(where: { $0.id == id }) else { return }
            looks.append(Look(id: id, revision: found?.revision, layer: found?.layer))
        }

        /// Whether all objects are in `snapshot` as they were.
        func holds(in snapshot: Snapshot) -> Bool {
            looks.allSatisfy { look in
                let object = snapshot[look.id]
                return object?.revision == look.revision && object?.layer == look.layer
            }
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
        object(typeName, key)?.document.member(field)?.string
    }
}
