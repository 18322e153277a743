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

    /// References to references can make a short schema apply millions of subschemas; this is where patience ends.
    static let maxSteps = 1_000_000
    /// How many nodes may be at work inside each other; the stack has to hold them.
    static let maxDepth = 1_000

    private let nodes: [SchemaNode]
    /// The keys and indexes that lead to the value at hand.
    private var path: [String] = []
    private var steps = 0
    private var depth = 0
    private var isExhausted = false

    init(_ nodes: [SchemaNode]) { self.nodes = nodes }

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
        steps += 1
        while let reference = node.rules.reference {
            node = nodes[reference]
            steps += 1
        }
        guard steps <= Self.maxSteps, depth <= Self.maxDepth, !isExhausted else { return isExhausted = true }
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
    func report(_ message: String, _ outcome: inout Outcome) {
        outcome.problems.append(JSONSchema.Problem(path: path, message: message))
        outcome.score -= 2
    }

    /// How messages name the value at hand.
    var field: String { JSONSchema.Problem(path: path, message: "").field }
}
