import JSON

/// The answer to a dry run as people read it: each object with what is taken out and what is put in.
struct ChangeText {
    /// Whether lines are coloured.
    let isColoured: Bool

    private static let red = "\u{1B}[31m", green = "\u{1B}[32m", bold = "\u{1B}[1m", plain = "\u{1B}[0m"

    /// The lines.
    func text(of answer: JSONValue) -> String {
        var lines: [String] = []
        for change in answer["changes"]?.arrayValue ?? [] {
            let words = ["action", "type", "key"].map { change[$0]?.stringValue ?? "" }
            lines.append(styled("\(words[0]) \(words[1])/\(words[2])", Self.bold))
            lines += operations(change["diff"])
            for error in change["errors"]?.arrayValue ?? [] {
                lines.append(styled("  ! \(FieldList.cell(error))", Self.red))
            }
        }
        let machines = answer["params"]?["machines"]?.arrayValue ?? []
        for machine in machines {
            let name = machine["name"]?.stringValue ?? machine["key"]?.stringValue ?? ""
            lines.append(styled("params of machine \(name)", Self.bold))
            lines += operations(machine["diff"])
        }
        if let changed = answer["params"]?["changed"]?.intValue, changed > machines.count {
            lines.append("params of \(changed - machines.count) more machines change")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The operations of a patch as lines: old values that are tested before go with what takes their place.
    func operations(_ patch: JSONValue?) -> [String] {
        var lines: [String] = []
        for operation in patch?.arrayValue ?? [] {
            let path = operation["path"]?.stringValue ?? ""
            let value = operation["value"]?.canonicalText ?? ""
            switch operation["op"]?.stringValue {
            case "test": lines.append(styled("  - \(path): \(value)", Self.red))
            case "remove":
                let isTold = lines.last?.contains("  - \(path): ") ?? false
                if !isTold { lines.append(styled("  - \(path)", Self.red)) }
            default: lines.append(styled("  + \(path): \(value)", Self.green))
            }
        }
        return lines
    }

    private func styled(_ text: String, _ style: String) -> String { isColoured ? style + text + Self.plain : text }
}
