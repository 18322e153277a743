import Basics
import JSON

/// One node of a document as it is written.
struct YAMLNode {
    enum Content {
        /// Text, and whether it may be something else than text.
        case scalar(String, isPlain: Bool)
        /// The positions of the items.
        case sequence([Int])
        /// The positions of keys and values in turn.
        case mapping([Int])
        /// The position of the node that is meant.
        case alias(Int)
    }

    let line: Int
    let tag: String?
    var content: Content
}

/// The nodes of a document. Aliases stay what they are, so a tree is never larger than its text.
struct YAMLTree {
    private(set) var nodes: [YAMLNode] = []
    /// The position of the document's own node; nil if there is no document.
    private(set) var root: Int?
    /// Where text follows that belongs to no document that is read.
    private(set) var unreadLine: Int?

    /// Positions of nodes that have not ended, with what they hold so far.
    private var open: [(node: Int, children: [Int])] = []
    private var anchors: [Identifier: Int] = [:]
    private let budget: YAMLBudget
    /// How many nodes the documents in front have.
    private var used = 0

    /// The tree of the first document of `bytes`; what follows it is noted.
    ///
    /// - Throws: `YAMLError` where the text breaks the syntax, or exceeds the budget.
    init(composing bytes: [UInt8], budget: YAMLBudget) throws(YAMLError) {
        self.budget = budget
        var events = YAMLEvents(bytes)
        if try compose(&events) { noteRest(&events) }
    }

    private init(_ budget: YAMLBudget, after used: Int) { (self.budget, self.used) = (budget, used) }

    /// The trees of all documents of `bytes`, which share the budget.
    ///
    /// - Throws: `YAMLError` where the text breaks the syntax, or exceeds the budget.
    static func all(of bytes: [UInt8], budget: YAMLBudget) throws(YAMLError) -> [YAMLTree] {
        var events = YAMLEvents(bytes)
        var (used, trees) = (0, [YAMLTree]())
        while true {
            var tree = YAMLTree(budget, after: used)
            guard try tree.compose(&events) else { return trees }
            used += tree.nodes.count
            trees.append(tree)
        }
    }

    /// Takes the nodes of the next document.
    ///
    /// - Returns: whether there was one.
    private mutating func compose(_ events: inout YAMLEvents) throws(YAMLError) -> Bool {
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamStart, .documentStart: continue
            case .streamEnd: return false
            case .documentEnd: return true
            case .sequenceEnd, .mappingEnd: close(event.kind)
            case .scalar:
                _ = try add(event, .scalar(event.text, isPlain: event.isPlain))
            case .alias:
                guard let target = anchors[Identifier(event.anchor ?? "")] else {
                    throw YAMLError(line: event.line, reason: "unknown anchor '\(event.anchor ?? "")' referenced")
                }
                _ = try add(event, .alias(target))
            case .sequenceStart: try begin(event, .sequence([]))
            case .mappingStart: try begin(event, .mapping([]))
            }
        }
    }

    /// What follows the first document is not read, as in go-yaml, not even for errors.
    private mutating func noteRest(_ events: inout YAMLEvents) {
        let ended = nodes.last?.line ?? 1
        do throws(YAMLError) {
            let event = try events.next()
            if event.kind != .streamEnd { unreadLine = event.line }
        } catch {
            unreadLine = max(error.line, ended)
        }
    }

    private mutating func begin(_ event: YAMLEvent, _ content: YAMLNode.Content) throws(YAMLError) {
        guard open.count < budget.depth else {
            throw YAMLError(line: event.line, reason: "nested deeper than \(budget.depth) levels")
        }
        open.append((try add(event, content), []))
    }

    /// Adds a node to those that hold it. Its anchor counts from here on, also within it.
    private mutating func add(_ event: YAMLEvent, _ content: YAMLNode.Content) throws(YAMLError) -> Int {
        guard used + nodes.count < budget.nodes else {
            throw YAMLError(line: event.line, reason: "more than \(budget.nodes) values and keys in one file")
        }
        let position = nodes.count
        nodes.append(YAMLNode(line: event.line, tag: event.tag, content: content))
        if case .alias = content {} else if let anchor = event.anchor { anchors[Identifier(anchor)] = position }
        if open.isEmpty { root = position } else { open[open.count - 1].children.append(position) }
        return position
    }

    private mutating func close(_ kind: YAMLEvent.Kind) {
        guard let ended = open.popLast() else { return }
        nodes[ended.node].content = kind == .mappingEnd ? .mapping(ended.children) : .sequence(ended.children)
    }
}
