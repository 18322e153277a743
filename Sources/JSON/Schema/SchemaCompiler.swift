/// Turns a schema document into nodes, each subschema once, however often it is referred to.
struct SchemaCompiler {
    typealias CompileError = JSONSchema.CompileError

    /// The most subschemas; each takes far more memory than the few bytes that can spell it.
    static let maxNodes = 20_000

    let root: JSONValue
    let draft: SchemaDraft
    private let resources: SchemaResources
    private var nodes: [SchemaRules] = []
    private var numbers: [JSONPointer: Int] = [:]
    /// Targets of references that have a number but are not compiled yet. Compiling them at once would recurse as deep as
    /// references chain.
    private var pending: [JSONPointer] = []

    init(_ schema: JSONValue) throws(CompileError) {
        root = schema
        draft = try SchemaDraft(of: schema)
        resources = try SchemaResources(of: schema, draft: draft)
    }

    /// All nodes, the root's first.
    mutating func compile() throws(CompileError) -> [SchemaNode] {
        _ = try compile(root, at: JSONPointer())
        while let location = pending.popLast() {
            guard let number = numbers[location], let schema = root[location] else { continue }
            nodes[number] = try rules(for: schema, at: location)
        }
        try refuseEndlessReferences()
        return nodes.map(SchemaNode.init)
    }

    /// The number of the node of a subschema.
    mutating func compile(_ schema: JSONValue, at location: JSONPointer) throws(CompileError) -> Int {
        if let number = numbers[location] { return number }
        let number = try reserve(location)
        nodes[number] = try rules(for: schema, at: location)
        return number
    }

    private mutating func reserve(_ location: JSONPointer) throws(CompileError) -> Int {
        guard nodes.count < Self.maxNodes else {
            throw CompileError(message: "The schema has more than \(Self.maxNodes) subschemas", location: location)
        }
        numbers[location] = nodes.count
        nodes.append(SchemaRules())
        return nodes.count - 1
    }

    private mutating func rules(for schema: JSONValue, at location: JSONPointer) throws(CompileError) -> SchemaRules {
        var rules = SchemaRules()
        switch schema {
        case .object(let members):
            let keywords = SchemaKeywords(members, at: location, draft: draft)
            try keywords.checkAnnotations()
            if let definitions = try keywords.schemas("definitions", expected: "array of schemas") {
                for (name, definition) in definitions {
                    _ = try compile(definition, at: location.appending("definitions").appending(name))
                }
            }
            if let reference = try keywords.reference() {
                rules.reference = try refer(to: reference, at: location)
                return rules
            }
            try compile(keywords, into: &rules)
        case .bool(let accepts) where draft >= .draft6:
            // What is not allowed to be anything cannot be valid.
            if !accepts { rules.not = try reserve(location.appending("not")) }
        default: throw CompileError(message: "Expected: schema, given: Invalid JSON", location: location)
        }
        return rules
    }

    private mutating func refer(to reference: String, at location: JSONPointer) throws(CompileError) -> Int {
        let target = try resources.resolve(reference, at: location)
        if let number = numbers[target] { return number }
        pending.append(target)
        return try reserve(target)
    }

    /// A schema that applies itself to the value it is applied to, by whatever detours, would never come to an end.
    private func refuseEndlessReferences() throws(CompileError) {
        enum State { case unseen, open, done }
        var states = [State](repeating: .unseen, count: nodes.count)
        for start in nodes.indices where states[start] == .unseen {
            var path: [(node: Int, rest: [Int])] = [(start, nodes[start].sameValueNodes)]
            states[start] = .open
            while let next = path.last {
                guard let child = next.rest.last else {
                    states[next.node] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].rest.removeLast()
                switch states[child] {
                case .unseen:
                    states[child] = .open
                    path.append((child, nodes[child].sameValueNodes))
                case .open:
                    let location = numbers.first { $0.value == child }?.key ?? JSONPointer()
                    throw CompileError(message: "The schema refers to itself without end", location: location)
                case .done: break
                }
            }
        }
    }
}
