import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite("The changes of a draft") struct ChangeListTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `are one an object, from what it was first to what it is last`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var list = ChangeList()
        var first: [String: StoredObject?] = [:]
        var present: [String: StoredObject] = [:]
        for step in 0..<Int.random(in: 1...200, using: &random) {
            let key = String(Int.random(in: 0..<(seed.isMultiple(of: 2) ? 6 : 60), using: &random))
            let before = present[key]
            let after = before != nil && (Int.random(in: 0..<3, using: &random) == 0) ? nil : Self.object(key, step)
            if first[key] == nil { first[key] = .some(before) }
            present[key] = after
            let action: ObjectChange.Action = before == nil ? .create : after == nil ? .delete : .update
            list.record(ObjectChange(id: ObjectID("x", ByteString(key)), before: before, after: after, action: action))
            // What came into being and is gone again, as if it had never been, is as new when it comes back.
            if first[key]! == nil, after == nil { first[key] = nil }
            #expect(list.contains(ObjectID("x", ByteString(key))) == (first[key] != nil))
        }
        let changes = list.changes
        #expect(Set(changes.map(\.id.key.string)) == Set(first.keys), "seed \(seed)")
        #expect(changes.count == first.count, "seed \(seed)")
        for change in changes {
            let key = change.id.key.string
            #expect(change.before?.document == first[key]!?.document)
            #expect(change.after?.document == present[key]?.document)
        }
    }

    private static func object(_ key: String, _ step: Int) -> StoredObject {
        StoredObject(
            key: ByteString(key), document: JSONDocument(["Step": JSONValue(step)]), revision: .zero, layer: .writable)
    }
}
