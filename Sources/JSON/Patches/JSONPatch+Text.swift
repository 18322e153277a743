extension JSONPatch {
    /// How many bytes of a patch its text shows; a whole one could be as long as everything that a client sent, and longer.
    static let longestText = 64 << 10

    /// The patch over several lines, as error messages show it (C §3): two spaces a level, and in each operation `op`, `path`,
    /// `from` and `value` in this order, `""` and `null` standing for what it has not. A long one ends with how much of it
    /// is not shown.
    public func prettyText() -> String {
        guard !operations.isEmpty else { return "[]" }
        var texts: [String] = []
        var left = Self.longestText
        for operation in operations {
            let text = operation.prettyText(limit: left)
            left -= text.utf8.count + 2
            guard left > 0 else {
                return "[\n" + (texts + [text.prefix(bytes: left + text.utf8.count + 2)]).joined(separator: ",\n")
                    + "\n… (\(operations.count) operations, not shown beyond \(Self.longestText) bytes)"
            }
            texts.append(text)
        }
        return "[\n" + texts.joined(separator: ",\n") + "\n]"
    }

    /// The patch as a JSON value, each operation with the members it uses.
    public var value: JSONValue {
        .array(
            operations.map { operation in
                var members: JSONObject = ["op": .string(operation.name), "path": .string(operation.path.description)]
                members["from"] = operation.from.map { .string($0.description) }
                members["value"] = operation.value
                return .object(members)
            })
    }
}

extension JSONPatch.Operation {
    fileprivate func prettyText(limit: Int) -> String {
        let members: [(String, JSONValue)] = [
            ("op", .string(name)), ("path", .string(path.description)),
            ("from", .string(from?.description ?? "")), ("value", value ?? .null),
        ]
        let lines = members.map { name, value in
            "    \"\(name)\": \(value.prettyText(indent: 2, limit: limit).indented)"
        }
        return "  {\n\(lines.joined(separator: ",\n"))\n  }"
    }
}

extension String {
    /// The text with all lines but the first moved in to where an operation's members stand. JSON text has line feeds only
    /// between tokens.
    fileprivate var indented: String {
        utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }.joined(separator: "\n    ")
    }

    /// The text up to so many bytes, or fewer where that would cut a character.
    fileprivate func prefix(bytes: Int) -> String {
        var end = utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) ?? endIndex
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
