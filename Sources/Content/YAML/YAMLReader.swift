public import JSON
public import Tracker

/// What a YAML text says.
public struct YAMLReading: Sendable {
    /// The value of the text's first document; null if there is none.
    public let value: JSONValue
    /// What is odd about the text: keys that are given twice, documents that are not read.
    public let remarks: [YAMLRemark]
    /// How often one of its values and keys was looked at.
    let visits: Int
}

/// One document of a YAML text.
public struct YAMLDocument: Sendable {
    private let tree: YAMLTree
    private let budget: YAMLBudget

    init(_ tree: YAMLTree, _ budget: YAMLBudget) { (self.tree, self.budget) = (tree, budget) }

    /// What it says.
    ///
    /// - Parameter shape: what the value is for. Numbers and booleans become text where it wants text.
    /// - Throws: `YAMLError` with the line and the reason.
    public func read(as shape: FieldType = .any) throws(YAMLError) -> YAMLReading {
        var converter = YAMLConverter(tree: tree, budget: budget)
        let value = try converter.document(as: shape)
        return YAMLReading(
            value: value, remarks: converter.remarks(of: tree), visits: tree.nodes.count + converter.visits)
    }
}

/// YAML as dr-provision's clients read it: libyaml's syntax, go-yaml 2's values, and ghodss/yaml's way of making JSON of them
/// (C §14.3).
///
/// go-yaml has an older libyaml in it, so a few texts differ: `\/` in quotes and `%YAML 1.2` are read here, brackets and commas are no
/// part of a tag, and the tag `!` counts on quoted text alone.
public enum YAMLReader {
    /// Reads the first document of a text.
    ///
    /// - Parameters:
    ///   - bytes: the text, in UTF-8, or in UTF-16 with a byte order mark.
    ///   - shape: what the value is for. Numbers and booleans become text where it wants text.
    ///   - budget: what the text may cost.
    /// - Throws: `YAMLError` with the line and the reason.
    public static func read(
        _ bytes: [UInt8], as shape: FieldType = .any, budget: YAMLBudget = YAMLBudget()
    ) throws(YAMLError) -> YAMLReading {
        try check(bytes, budget)
        return try YAMLDocument(YAMLTree(composing: bytes, budget: budget), budget).read(as: shape)
    }

    /// Finds all documents of a text; what each says is read once it is known what it is for.
    ///
    /// - Parameters:
    ///   - bytes: as of `read`.
    ///   - budget: what the text may cost; aliases are counted for each document.
    /// - Throws: `YAMLError` with the line and the reason.
    public static func documents(
        of bytes: [UInt8], budget: YAMLBudget = YAMLBudget()
    ) throws(YAMLError) -> [YAMLDocument] {
        try check(bytes, budget)
        return try YAMLTree.all(of: bytes, budget: budget).map { YAMLDocument($0, budget) }
    }

    private static func check(_ bytes: [UInt8], _ budget: YAMLBudget) throws(YAMLError) {
        guard bytes.count <= budget.bytes else {
            throw YAMLError(line: 0, reason: "longer than the \(budget.bytes) bytes that are read of one file")
        }
        try checkDirectives(bytes, budget)
    }

    private static func checkDirectives(_ bytes: [UInt8], _ budget: YAMLBudget) throws(YAMLError) {
        var (count, line) = (0, 1)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "%"), index == 0 || bytes[index - 1] == UInt8(ascii: "\n"),
                bytes[index...].starts(with: "%TAG".utf8)
            {
                count += 1
                guard count <= budget.tagDirectives else {
                    throw YAMLError(line: line, reason: "more than \(budget.tagDirectives) %TAG directives")
                }
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
    }
}
