/// Applies a schema's nodes to one value.
struct SchemaValidator {
    /// What applying a node gave. The score tells how close a failed alternative came, counted as gojsonschema counts.
    struct Outcome {
        var problems: [JSONSchema.Problem] = []
        var score = 0

        var isValid: Bool { problems.isEmpty }

        mutating func merge(_ other: Outcome) {
            problems += other.problems
            score += other.score
        }
    }

    /// References to references can make a short schema apply millions of subschemas, and long lists of names, choices and
    /// patterns be gone through for each part of a value; this is where patience ends. A step is a subschema applied, or
    /// about as much work as that.
    static let maxSteps = 1_000_000
    /// How many nodes may be at work inside each other; the stack has to hold them.
    static let maxDepth = 1_000

    private let nodes: [SchemaNode]
    /// The keys and indexes that lead to the value at hand.
    private var path: [String] = []
    var work: StepBudget
    private var depth = 0
    private var isTooDeep = false

    /// A validator that takes its steps from `work`.
    init(_ nodes: [SchemaNode], within work: StepBudget = StepBudget(Self.maxSteps)) {
        self.nodes = nodes
        self.work = work
    }

    /// Whether there are no steps or levels left; nothing that is said then means anything.
    var isExhausted: Bool { work.isExhausted || isTooDeep }

    mutating func problems(of value: JSONValue) -> [JSONSchema.Problem] {
        let outcome = apply(0, to: value)
        guard isExhausted else { return outcome.problems }
        let message = "Internal Error the schema needs more than \(Self.maxSteps) steps or \(Self.maxDepth) levels"
        return [JSONSchema.Problem(path: [], message: message)]
    }

    /// Applies a node to the value at hand.
    mutating func apply(_ number: Int, to value: JSONValue) -> Outcome {
        var outcome = Outcome()
        apply(number, to: value, &outcome)
        return outcome
    }

    /// Applies a node to a part of the value at hand.
    mutating func apply(_ number: Int, to value: JSONValue, under token: String) -> Outcome {
        path.append(token)
        defer { path.removeLast() }
        return apply(number, to: value)
    }

    /// Applies a node to the value at hand, adding to what other nodes gave.
    mutating func apply(_ number: Int, to value: JSONValue, _ outcome: inout Outcome) {
        depth += 1
        defer { depth -= 1 }
        var node = nodes[number]
        work.spend()
        while let reference = node.rules.reference {
            node = nodes[reference]
            work.spend()
        }
        if depth > Self.maxDepth { isTooDeep = true }
        guard !isExhausted else { return }
        guard checkType(of: value, node, &outcome) else { return }
        combine(node, value, &outcome)
        switch value {
        case .null, .bool: checkChoice(of: value, node, &outcome)
        case .number(let number):
            check(number, node, &outcome)
            checkChoice(of: value, node, &outcome)
        case .string(let text):
            checkChoice(of: value, node, &outcome)
            check(text, node, &outcome)
        case .array(let elements):
            check(elements, node, &outcome)
            checkChoice(of: value, node, &outcome)
        case .object(let object):
            check(object, node, &outcome)
            checkChoice(of: value, node, &outcome)
            checkProperties(of: object, node, &outcome)
        }
        outcome.score += 1
    }

    /// Adds a problem with the value at hand.
    mutating func report(_ message: String, _ outcome: inout Outcome) {
        let problem = JSONSchema.Problem(path: path, message: message)
        outcome.score -= 2
        // Problems are carried up through all levels, and all of them are told.
        guard work.spend(10 + (problem.context.utf8.count + message.utf8.count) >> 5) else { return }
        outcome.problems.append(problem)
    }

    /// Whether a pattern matches. Sixteen steps of that count as one.
    mutating func matches(_ pattern: LinearRegex, _ text: String) -> Bool {
        var matching = StepBudget(max(0, work.limit - work.steps) << 4)
        let matches = pattern.matches(text, within: &matching)
        work.spend(1 + matching.steps >> 4)
        return matches
    }

    /// How messages name the value at hand.
    var field: String { JSONSchema.Problem(path: path, message: "").field }
}
