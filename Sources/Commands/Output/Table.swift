import JSON

/// Rows under headings, as wide as their contents, or as the terminal if that is narrower.
struct Table {
    /// What a cell has at the most, in characters, before it is cut.
    private static let widestCell = 60

    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    /// Adds a row, which has a cell for each heading.
    mutating func add(_ cells: [String]) { rows.append(cells.map(Self.line)) }

    /// Whether there are no rows.
    var isEmpty: Bool { rows.isEmpty }

    /// The widths of the columns, by the rows so far.
    ///
    /// - Parameter limit: how wide lines may be; nil as wide as it takes.
    func widths(limit: Int?) -> [Int] {
        var widths = headings.map(Self.width)
        for row in rows {
            for (index, cell) in row.enumerated() {
                let width = Self.width(cell)
                widths[index] = max(widths[index], limit == nil ? width : min(width, Self.widestCell))
            }
        }
        guard let limit else { return widths }
        // The widest columns give way first.
        while widths.reduce(0, +) + 2 * (widths.count - 1) > limit, let widest = widths.max(), widest > 8 {
            widths[widths.lastIndex(of: widest) ?? 0] -= 1
        }
        return widths
    }

    /// The lines of the rows.
    ///
    /// - Parameters:
    ///   - widths: how wide the columns are.
    ///   - hasHeadings: whether the headings come first.
    func text(_ widths: [Int], hasHeadings: Bool) -> String {
        var text: [UInt8] = []
        if hasHeadings { Self.append(headings.map(Self.capitals), widths, to: &text) }
        for row in rows { Self.append(row, widths, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// A text's first line, with what cannot be printed left out.
    private static func line(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix { $0 != "\n" }.filter { $0.value >= 32 && $0.value != 127 }))
    }

    /// A heading in capitals.
    private static func capitals(_ text: String) -> String {
        String(decoding: text.utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
    }

    /// How many characters a text has.
    private static func width(_ text: String) -> Int {
        // Of the usual texts that is how many bytes, which need not be looked at one by one.
        text.utf8.allSatisfy { $0 < 128 } ? text.utf8.count : text.count
    }

    private static func append(_ cells: [String], _ widths: [Int], to text: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            var width = width(cell)
            if width > widths[index] {
                text += (cell.prefix(max(widths[index] - 1, 0)) + "…").utf8
                width = widths[index]
            } else {
                text += cell.utf8
            }
            if index < cells.count - 1 { text += repeatElement(UInt8(ascii: " "), count: widths[index] - width + 2) }
        }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        text.append(UInt8(ascii: "\n"))
    }
}

/// One object as lines of name and value: the table form of a single thing.
struct FieldList {
    private let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    /// The lines.
    var text: String {
        guard let object = value.objectValue else { return Self.cell(value) + "\n" }
        var table = Table(["Field", "Value"])
        for (name, member) in object.members.map({ ($0.key, $0.value) }) { table.add([name, Self.cell(member)]) }
        return table.text(table.widths(limit: Terminal.width), hasHeadings: false)
    }

    /// A value as a cell shows it: lists with commas, flags and numbers as they are, maps as their names.
    static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .array(let values): values.map { $0.stringValue ?? $0.canonicalText }.joined(separator: ",")
        case .object(let object) where object.isEmpty: ""
        default: value.canonicalText
        }
    }
}
