import Basics
import JSON
import Tracker

/// Makes JSON of a tree, as ghodss/yaml does of go-yaml's values.
struct YAMLConverter {
    let tree: YAMLTree
    private let budget: YAMLBudget
    private var remarks: [YAMLRemark] = []
    /// The nodes that an alias leads to and that are being converted: one that is met again contains itself.
    private var expanding: Set<Int> = []
    /// How many aliases and merge keys lead to what is being converted.
    private var aliasDepth = 0
    private var aliasedNodes = 0
    private var aliasedBytes = 0
    /// How often a node was looked at.
    private(set) var visits = 0

    init(tree: YAMLTree, budget: YAMLBudget) {
        self.tree = tree
        self.budget = budget
    }

    /// The document's value, in which numbers and booleans are text where `shape` wants text.
    mutating func document(as shape: FieldType) throws(YAMLError) -> JSONValue {
        guard let root = tree.root else { return .null }
        return try value(root, as: shape, depth: 0)
    }

    /// What is odd about the text, in the order of its lines.
    func remarks(of tree: YAMLTree) -> [YAMLRemark] {
        var told = Array(remarks.sorted { $0.line < $1.line }.prefix(budget.remarks))
        if remarks.count > told.count, let last = told.last {
            told.append(
                YAMLRemark(line: last.line, text: "\(remarks.count - told.count) more keys are given again below"))
        }
        if let line = tree.unreadLine {
            told.append(YAMLRemark(line: line, text: "only the first document of a file is read, not what follows it"))
        }
        return told
    }

    private mutating func value(_ position: Int, as shape: FieldType, depth: Int) throws(YAMLError) -> JSONValue {
        let node = tree.nodes[position]
        try count(node, depth)
        switch node.content {
        case .alias(let target):
            try enter(target, for: node)
            let meant = try value(target, as: shape, depth: depth)
            leave(target)
            return meant
        case .scalar:
            return try json(try scalar(node), as: shape, node)
        case .sequence(let items):
            var element = FieldType.any
            if case .list(let declared) = shape { element = declared }
            var values: [JSONValue] = []
            values.reserveCapacity(items.count)
            for item in items { values.append(try value(item, as: element, depth: depth + 1)) }
            return .array(values)
        case .mapping(let pairs):
            var members: [(String, JSONValue)] = []
            var lines: [Identifier: Int] = [:]
            try collect(pairs, as: shape, depth, into: &members, &lines)
            return .object(JSONObject(members))
        }
    }

    /// Adds the members of a mapping to those that came before it. What comes later takes the place of what came first, merged
    /// members too: so does go-yaml 2.
    private mutating func collect(
        _ pairs: [Int], as shape: FieldType, _ depth: Int, into members: inout [(String, JSONValue)],
        _ lines: inout [Identifier: Int]
    ) throws(YAMLError) {
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let (key, item) = (tree.nodes[pairs[index]], pairs[index + 1])
            if key.isMergeKey {
                try merge(item, as: shape, depth, into: &members)
                continue
            }
            let name = try self.name(key, depth)
            if aliasDepth == 0, let first = lines.updateValue(key.line, forKey: Identifier(name)) {
                remarks.append(
                    YAMLRemark(
                        line: key.line, text: "the key \"\(name)\" is given again; the one in line \(first) is ignored")
                )
            }
            members.append((name, try value(item, as: shape.member(name), depth: depth + 1)))
        }
    }

    /// Adds what a merge key brings: the members of a mapping, or of each in a list, the last one first, since earlier ones
    /// prevail.
    private mutating func merge(
        _ position: Int, as shape: FieldType, _ depth: Int, into members: inout [(String, JSONValue)]
    ) throws(YAMLError) {
        var sources = [position]
        if case .sequence(let items) = tree.nodes[position].content { sources = items.reversed() }
        for source in sources { try mergeMapping(source, as: shape, depth, into: &members) }
    }

    private mutating func mergeMapping(
        _ position: Int, as shape: FieldType, _ depth: Int, into members: inout [(String, JSONValue)]
    ) throws(YAMLError) {
        let node = tree.nodes[position]
        try count(node, depth)
        var source = position
        if case .alias(let target) = node.content { source = target }
        guard case .mapping(let pairs) = tree.nodes[source].content else {
            throw YAMLError(line: node.line, reason: "map merge requires map or sequence of maps as the value")
        }
        var lines: [Identifier: Int] = [:]
        try enter(source, for: node)
        try collect(pairs, as: shape, depth + 1, into: &members, &lines)
        leave(source)
    }

    /// Begins with what an alias leads to. After an error nothing goes on, so only success has to `leave`.
    private mutating func enter(_ target: Int, for alias: YAMLNode) throws(YAMLError) {
        guard expanding.insert(target).inserted else {
            throw YAMLError(line: alias.line, reason: "the value of an anchor contains itself")
        }
        aliasDepth += 1
    }

    private mutating func leave(_ target: Int) {
        aliasDepth -= 1
        expanding.remove(target)
    }

    /// Checks that the budget covers a node.
    ///
    /// - Parameter isAliased: whether an alias leads to the node itself, and not to one that holds it.
    mutating func count(_ node: YAMLNode, _ depth: Int, isAliased: Bool = false) throws(YAMLError) {
        guard depth <= budget.depth else {
            throw YAMLError(line: node.line, reason: "nested deeper than \(budget.depth) levels")
        }
        visits += 1
        guard isAliased || aliasDepth > 0 else { return }
        aliasedNodes += 1
        if case .scalar(let text, _) = node.content { aliasedBytes += text.utf8.count }
        guard aliasedNodes <= budget.aliasedNodes, aliasedBytes <= budget.aliasedBytes else {
            let most = "\(budget.aliasedNodes) values or \(budget.aliasedBytes) bytes"
            throw YAMLError(line: node.line, reason: "aliases and merge keys bring more than \(most)")
        }
    }
}

extension YAMLNode {
    /// Whether it is the key `<<`, unless that is quoted.
    fileprivate var isMergeKey: Bool {
        guard case .scalar(let text, let isPlain) = content, text.hasSameUTF8(as: "<<") else { return false }
        return isPlain || tag == YAMLTag.merge
    }
}

extension FieldType {
    /// What the member `name` of a value of this shape is for.
    fileprivate func member(_ name: String) -> FieldType {
        switch self {
        case .map(let element): element
        case .record(let record):
            record.field(name)?.shape ?? record.fields.first {
                $0.name.asciiLowercased.hasSameUTF8(as: name.asciiLowercased)
            }?.shape
                ?? .any
        default: .any
        }
    }
}
