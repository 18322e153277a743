extension JSONPatch {
    /// The patch over several lines, as error messages show it (C §3): two spaces a level, and in each operation `op`, `path`,
    /// `from` and `value` in this order, `""` and `null` standing for what it has not.
    public func prettyText() -> String {
        guard !operations.isEmpty else { return "[]" }
        let texts = operations.map { operation in
            let members: [(String, JSONValue)] = [
                ("op", .string(operation.name)), ("path", .string(operation.path.description)),
                ("from", .string(operation.from?.description ?? "")), ("value", operation.value ?? .null),
            ]
            return members.map { name, value in "    \"\(name)\": \(value.prettyText(indent: 2).indented)" }
                .joined(separator: ",\n")
        }
        return "[\n" + texts.map { "  {\n\($0)\n  }" }.joined(separator: ",\n") + "\n]"
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

extension String {
    /// The text with all lines but the first moved in to where an operation's members stand. JSON text has line feeds only
    /// between tokens.
    fileprivate var indented: String {
        utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }.joined(separator: "\n    ")
    }
}
