import Basics

extension JSONDocument {
    /// The object with some members left out and others set, made by copying the bytes of all that stay as they are.
    ///
    /// - Parameters:
    ///   - omit: Names to leave out; names that are missing do not matter.
    ///   - set: Members to add or replace, even if omitted; of several with one name the last counts.
    /// - Returns: A new document. To set members of anything but an object is a programmer error.
    public func rewriting(omit: [String] = [], set: [(String, JSONValue)] = []) -> JSONDocument {
        precondition(root.kind == .object || set.isEmpty, "cannot set members of a JSON \(root.kind.rawValue)")
        guard root.kind == .object else { return self }
        let changes = JSONMemberChange.ordered(omit: omit, set: set)
        return JSONDocument(canonical: withUnsafeBytes { text in Self.rewritten(text, with: changes) })
    }

    /// Merges the members of an object with changes; both are in the order of their names.
    private static func rewritten(_ text: UnsafeRawBufferPointer, with changes: [JSONMemberChange]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var rest = changes[...]
        var cursor = JSONCursor(in: text, opening: UInt8(ascii: "{"))
        while let member = cursor.nextMember(in: text) {
            let key = text.part(member.key)
            var isChanged = false
            while let change = rest.first, case let order = change.compareName(toKey: key), order <= 0 {
                change.write(into: &output)
                isChanged = order == 0
                rest.removeFirst()
            }
            if !isChanged {
                output.startMember()
                output.append(contentsOf: text.part(member.key.lowerBound..<member.value.upperBound))
            }
        }
        for change in rest { change.write(into: &output) }
        if output.isEmpty { output.append(UInt8(ascii: "{")) }
        output.append(UInt8(ascii: "}"))
        return output
    }
}

/// What becomes of one member: a new value, or nothing.
private struct JSONMemberChange {
    let name: String
    let value: JSONValue?

    /// One change for each name, in the order of names.
    static func ordered(omit: [String], set: [(String, JSONValue)]) -> [JSONMemberChange] {
        let given =
            omit.map { JSONMemberChange(name: $0, value: nil) } + set.map { JSONMemberChange(name: $0, value: $1) }
        var changes: [JSONMemberChange] = []
        // The sort is stable, so the last of several with one name is the one given last.
        for change in given.sorted(by: { $0.name.precedesInUTF8($1.name) }) {
            if let last = changes.last, last.name.hasSameUTF8(as: change.name) { changes.removeLast() }
            changes.append(change)
        }
        return changes
    }

    /// Negative, zero or positive as the name sorts before, with or after a key, which is canonical text with its quotes.
    func compareName(toKey key: UnsafeRawBufferPointer) -> Int {
        let spelling = key.part(1..<key.count - 1)
        if spelling.nextSpecial(from: 0) == spelling.count {
            return name.withUTF8Bytes { $0.compareBytes(to: spelling) }
        }
        var parser = JSONParser(key, limits: .trusted)
        return name.compareUTF8(to: (try? parser.parseString()) ?? "")
    }

    func write(into output: inout [UInt8]) {
        guard let value else { return }
        output.startMember()
        name.writeJSON(into: &output)
        output.append(UInt8(ascii: ":"))
        value.write(into: &output)
    }
}

extension [UInt8] {
    /// Opens the object before its first member, and separates the others.
    fileprivate mutating func startMember() { append(isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ",")) }
}
