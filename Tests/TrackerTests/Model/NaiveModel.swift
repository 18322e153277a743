import JSON

/// What the tracker should hold, written in the simplest way there is: dictionaries, rebuilt from scratch on every look.
struct NaiveModel {
    typealias Section = [String: JSONObject]

    /// Type to key to the members that a client wrote.
    var written: [String: Section] = ["shelves": [:], "boxes": [:]]
    /// Pack name to its sections; a pack whose name begins with `base` may be overridden.
    var packs: [String: [String: Section]] = [:]

    static func isOverwritable(_ pack: String) -> Bool { pack.hasPrefix("base") }

    /// Pack names, topmost first.
    var order: [String] {
        packs.keys.filter { !Self.isOverwritable($0) }.sorted() + packs.keys.filter { Self.isOverwritable($0) }.sorted()
    }

    /// Where the object is shown from, and its members.
    func shown(_ typeName: String, _ key: String) -> (bundle: String, members: JSONObject)? {
        if let members = written[typeName]?[key] { return ("", members) }
        for pack in order { if let members = packs[pack]?[typeName]?[key] { return (pack, members) } }
        return nil
    }

    /// All keys of a type that are shown, sorted.
    func keys(_ typeName: String) -> [String] {
        var keys = Set((written[typeName] ?? [:]).keys)
        for pack in packs.values { keys.formUnion((pack[typeName] ?? [:]).keys) }
        return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a client may write over or remove what is shown under the key.
    func mayWrite(_ typeName: String, _ key: String) -> Bool {
        guard let shown = shown(typeName, key) else { return true }
        return shown.bundle.isEmpty || Self.isOverwritable(shown.bundle)
    }

    /// Whether a pack of these sections may join.
    func mayPush(_ name: String, _ sections: [String: Section]) -> Bool {
        for (typeName, section) in sections {
            for key in section.keys {
                let isWritten = written[typeName]?[key] != nil
                if isWritten, !Self.isOverwritable(name) { return false }
                for (other, contents) in packs where other != name && contents[typeName]?[key] != nil {
                    if !Self.isOverwritable(other) && !Self.isOverwritable(name) { return false }
                }
            }
        }
        return true
    }

    /// The complete object as clients should see it.
    func served(_ typeName: String, _ key: String) -> JSONObject? {
        guard let (bundle, members) = shown(typeName, key) else { return nil }
        let shelf = members["Shelf"]?.stringValue ?? ""
        let errors: [JSONValue] =
            typeName == "boxes" && !shelf.isEmpty && self.shown("shelves", shelf) == nil
            ? [.string("Shelf \(shelf) does not exist")] : []
        var object: JSONObject = [
            "Validated": true, "Available": .bool(errors.isEmpty), "Errors": .array(errors),
            "ReadOnly": .bool(!bundle.isEmpty), "Bundle": .string(bundle), "Endpoint": "", "Meta": [:],
        ]
        for (name, value) in members { object[name] = value }
        return object
    }
}
