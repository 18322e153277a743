public import Basics
import JSON

/// What the store knows of one commit: when, who, why, and which objects.
public struct HistoryRecord: Sendable {
    /// One object's part in a commit.
    public struct Entry: Sendable, Hashable {
        /// Which object.
        public let id: ObjectID
        /// What happened to it.
        public let action: ObjectChange.Action
    }

    /// The bytes of history that forgetting the commit sets free.
    let size: Int
    private let document: JSONDocument

    /// The record that `bytes`, a value of the store, hold.
    init(stored bytes: UnsafeRawBufferPointer) {
        size = Int(clamping: StoreLayout.number(bytes))
        document = JSONDocument(canonical: Array(bytes.dropFirst(8)))
    }

    /// The commit's number.
    public var revision: Revision { Revision(UInt64(clamping: document.member("revision")?.int ?? 0)) }
    /// When it was made.
    public var time: Timestamp { Timestamp(rfc3339: text("time")) ?? .zero }
    /// On whose behalf.
    public var principal: String { text("principal") }
    /// Why, in the client's words; may be empty.
    public var reason: String { text("reason") }
    /// The request's id.
    public var request: String { text("request") }

    /// The objects that changed.
    public var entries: [Entry] {
        document.member("changes").map { changes in
            changes.elements.compactMap { change in
                guard let (action, key) = Self.actionAndName(change, "key"),
                    let type = change.member("type")?.string
                else { return nil }
                return Entry(id: ObjectID(TypeName(type), ByteString(storedText: key)), action: action)
            }
        } ?? []
    }

    /// The content packs that changed.
    public var packs: [(name: String, action: ObjectChange.Action)] {
        document.member("packs").map { packs in
            packs.elements.compactMap { pack in Self.actionAndName(pack, "name").map { ($0.name, $0.action) } }
        } ?? []
    }

    /// The bytes of the record.
    var byteCount: Int { document.bytes.count }

    /// Calls `body` with each object and pack that changed, as keys of the store name them.
    func forEachName(_ body: (_ section: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer) -> Void) {
        let packs = Array(StoreLayout.packSection.rawValue.utf8)
        document.withUnsafeBytes { text in
            for (list, name) in [("changes", "key"), ("packs", "name")] {
                guard let changes = JSONScan.member(list, of: text) else { continue }
                JSONScan.forEachElement(of: changes) { change in
                    guard let key = JSONScan.member(name, of: change) else { return }
                    let type = list == "packs" ? nil : JSONScan.member("type", of: change)
                    let section = type.map { UnsafeRawBufferPointer(rebasing: $0.dropFirst().dropLast()) }
                    if let plain = JSONScan.plainString(key) {
                        packs.withUnsafeBytes { body(section ?? $0, plain) }
                    } else {
                        let decoded = ByteString(storedText: JSONSlice(canonical: Array(key)[...]).string ?? "")
                        decoded.withUnsafeBytes { key in packs.withUnsafeBytes { body(section ?? $0, key) } }
                    }
                }
            }
        }
    }

    private func text(_ name: String) -> String { document.member(name)?.string ?? "" }

    private static func actionAndName(
        _ slice: JSONSlice, _ member: String
    ) -> (action: ObjectChange.Action, name: String)? {
        guard let action = slice.member("action")?.string.flatMap(ObjectChange.Action.init(rawValue:)),
            let name = slice.member(member)?.string
        else { return nil }
        return (action, name)
    }
}

/// One object's part in a commit, with what it was and what it became.
public struct RecordedChange: Sendable {
    /// Which object.
    public let id: ObjectID
    /// What happened to it.
    public let action: ObjectChange.Action
    /// What it was before; hidden fields included.
    public let before: PastVersion
    /// What it was after; hidden fields included.
    public let after: PastVersion

    /// How much it is, in pages of 4 KiB.
    public var pageCount: Int { 1 + ((before.document?.bytes.count ?? 0) + (after.document?.bytes.count ?? 0)) / 4096 }
}
