import Basics
import Fleet
import JSON
import Tracker

/// The text of a list: rows and links. Members that clients see as they are kept are copied, not decoded.
struct ListText {
    private let form: ResourceForm
    private let variables: ResourceForm.Variables
    /// The members of a row in the order of their names.
    private let columns: [Column]

    /// A member of a row.
    private struct Column {
        let name: String
        /// What stands before its value: a line, its name and a colon.
        let start: [UInt8]
        let isReference: Bool
    }

    init(_ form: ResourceForm, _ variables: ResourceForm.Variables) {
        (self.form, self.variables) = (form, variables)
        let names = form.resource.columns + (form.resource.kind.isDevice ? [Self.links] : [])
        columns = names.sortedByBytes().enumerated().map { index, name in
            Column(
                name: name, start: Array("\(index > 0 ? "," : "")\n      \"\(name)\": ".utf8),
                isReference: ResourceForm.isReference(name))
        }
    }

    private static let links = "links"

    /// The whole text.
    func bytes(_ rows: [StoredObject], links: JSONValue) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(1024 + rows.count * 512)
        output.append(UInt8(ascii: "{"))
        let key = form.resource.listKey
        if key.precedesInUTF8(Self.links) {
            append(rows, under: key, to: &output)
            output.append(UInt8(ascii: ","))
        }
        output += "\n  \"links\": ".utf8
        links.appendASCIIPretty(to: &output, margin: 2)
        if !key.precedesInUTF8(Self.links) {
            output.append(UInt8(ascii: ","))
            append(rows, under: key, to: &output)
        }
        output += "\n}\n".utf8
        return output
    }

    private func append(_ rows: [StoredObject], under key: String, to output: inout [UInt8]) {
        output += "\n  \"\(key)\": [".utf8
        for (index, row) in rows.enumerated() {
            output += index > 0 ? ",\n    ".utf8 : "\n    ".utf8
            if case .none = variables, form.resource.kind != .user {
                append(row, to: &output)
            } else {
                JSONValue.object(form.value(row, variables)).appendASCIIPretty(to: &output, margin: 4)
            }
        }
        output += rows.isEmpty ? "]".utf8 : "\n  ]".utf8
    }

    /// A row whose members are columns alone: one walk along those of the object, which are in the same order.
    private func append(_ row: StoredObject, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        var members = row.document.root.members
        var member = members.next()
        for column in columns {
            output += column.start
            if column.name.hasSameUTF8(as: Self.links), form.resource.kind.isDevice {
                JSONValue.array([form.up(row)]).appendASCIIPretty(to: &output, margin: 6)
                continue
            }
            while let key = member?.key, Self.precedes(key, column.name) { member = members.next() }
            if let (key, value) = member, Self.isSame(key, column.name), !(column.isReference && Self.isZero(value)) {
                value.appendASCIIPretty(to: &output, margin: 6)
            } else {
                output += "null".utf8
            }
        }
        output += "\n    }".utf8
    }

    /// Whether a key, which is written in quotes, comes before a name. Names of fields need no escapes.
    private static func precedes(_ key: JSONSlice, _ name: String) -> Bool {
        key.rawBytes.dropFirst().dropLast().lexicographicallyPrecedes(name.utf8)
    }

    private static func isSame(_ key: JSONSlice, _ name: String) -> Bool {
        key.rawBytes.dropFirst().dropLast().elementsEqual(name.utf8)
    }

    private static func isZero(_ value: JSONSlice) -> Bool { value.rawBytes.elementsEqual("0".utf8) }
}
