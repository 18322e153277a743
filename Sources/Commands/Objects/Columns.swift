import Basics
import Client
import JSON

/// A column of a table of objects.
struct Column {
    /// What stands above it.
    let heading: String
    /// The members that lead to the value.
    let path: [String]

    /// A column by the path of a field, as `Name` or `Meta.rack`; names of params may have dots themselves.
    init(_ text: String) {
        heading = text
        path = text.parts(between: ".", maxSplits: 1).map(String.init)
    }

    /// The columns that a text names, with commas between.
    static func list(_ text: String) -> [Column] {
        text.parts(between: ",").filter { !$0.isEmpty }.map { Column(String($0)) }
    }

    /// The columns that a type has unless others are asked for: its names, then what it is searched by.
    static func usual(of type: TypeDescription, isWide: Bool) -> [Column] {
        let base = ["Key", "Available", "Valid", "ReadOnly", "Bundle"]
        let own = type.indexes.filter { index in
            !base.contains(index.name) && type.field(index.name) != nil && (isWide || !index.isList)
        }
        var names = own.filter { $0.isUnique && !$0.name.hasSameUTF8(as: type.keyField) }.map(\.name)
        names.append(type.keyField)
        names += own.map(\.name).filter { !names.contains(bytesOf: $0) }
        if type.field("Description") != nil { names.append("Description") }
        if isWide { names += ["Available", "Bundle"].filter { type.field($0) != nil } }
        return names.map { Column($0) }
    }
}

/// The columns of a table, which are filled in one walk along each object.
struct Columns {
    /// From left to right.
    let all: [Column]
    private let names: JSONMemberNames

    init(_ columns: [Column]) {
        all = columns
        names = JSONMemberNames(columns.map { $0.path.first ?? "" })
    }

    /// What the columns show of an object.
    func cells(of row: JSONSlice) -> [String] {
        zip(all, row.members(names)).map { column, member in
            guard let value = member?.member(at: Array(column.path.dropFirst())) else { return "" }
            return value.string ?? FieldList.cell(value.value())
        }
    }
}
