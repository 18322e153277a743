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
        var changes = JSONObject(set).members[...]
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for member in root.members {
            let name = member.key.string ?? ""
            while let change = changes.first, change.key.precedesInUTF8(name) {
                output.append(change)
                changes.removeFirst()
            }
            if let change = changes.first, change.key.hasSameUTF8(as: name) {
                output.append(change)
                changes.removeFirst()
            } else if !omit.contains(where: { $0.hasSameUTF8(as: name) }) {
                output.startMember()
                output += bytes[member.key.rawBytes.startIndex..<member.value.rawBytes.endIndex]
            }
        }
        for change in changes { output.append(change) }
        return JSONDocument(canonicalMembers: output)
    }

    private init(canonicalMembers output: consuming [UInt8]) {
        if output.isEmpty { output.append(UInt8(ascii: "{")) }
        output.append(UInt8(ascii: "}"))
        self.init(canonical: output)
    }
}

extension [UInt8] {
    /// Opens the object before its first member, and separates the others.
    fileprivate mutating func startMember() { append(isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ",")) }

    fileprivate mutating func append(_ member: JSONObject.Member) {
        startMember()
        member.key.writeJSON(into: &self)
        append(UInt8(ascii: ":"))
        member.value.write(into: &self)
    }
}
