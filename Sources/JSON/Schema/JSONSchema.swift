/// A compiled JSON schema of draft 4, 6 or 7, which judges values as gojsonschema 1.2 does: same verdicts, same texts.
///
/// The draft comes from `$schema`; without one, the keywords of all three are known. References stay within the document:
/// nothing is ever fetched. Compiling once and validating often is the intended use; a schema is immutable and may be
/// shared.
public struct JSONSchema: Sendable {
    /// All subschemas; the root is the first.
    let nodes: [SchemaNode]

    /// Compiles a schema, which must be an object or, but for draft 4, a boolean.
    public init(compiling schema: JSONValue) throws(CompileError) {
        var compiler = try SchemaCompiler(schema)
        nodes = try compiler.compile()
    }

    /// What is wrong with a value; nothing when it is valid.
    ///
    /// Where several alternatives fail, the problems of the one that came closest are listed.
    public func problems(of value: JSONValue) -> [Problem] {
        var work = StepBudget(Self.maxSteps)
        return problems(of: value, within: &work)
    }

    /// The steps that judging one value may take: a step is a subschema applied to a part of the value, or about as much
    /// work as that. Beyond, there is one problem: that the schema needs more.
    public static let maxSteps = SchemaValidator.maxSteps

    /// The most subschemas of one schema.
    public static let maxNodes = SchemaCompiler.maxNodes

    /// How many subschemas there are, which is what the schema takes in memory.
    public var nodeCount: Int { nodes.count }

    /// What is wrong with a value, as the other `problems` tells; the steps are taken from `work`.
    public func problems(of value: JSONValue, within work: inout StepBudget) -> [Problem] {
        var validator = SchemaValidator(nodes, within: StepBudget(min(Self.maxSteps, max(0, work.limit - work.steps))))
        defer { work.spend(validator.work.steps) }
        return validator.problems(of: value)
    }

    /// Whether the value is valid.
    public func accepts(_ value: JSONValue) -> Bool { problems(of: value).isEmpty }
}

extension JSONSchema {
    /// One way in which a value does not fit a schema.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Where in the value: `(root)`, `(root).a.0`.
        public var context: String
        /// The same without the root, which is shown only when there is nothing else: `(root)`, `a.0`.
        public var field: String
        /// What is wrong there, in gojsonschema's words: `Invalid type. Expected: string, given: array`.
        public var message: String

        /// A problem with the value that these keys and indexes lead to.
        init(path: [String], message: String) {
            context = (["(root)"] + path).joined(separator: ".")
            field = path.isEmpty ? "(root)" : path.joined(separator: ".")
            self.message = message
        }

        /// Field and message, as clients see them: `a.0: Invalid type. Expected: string, given: array`.
        public var description: String { "\(field): \(message)" }
    }

    /// Why a value is no schema.
    public struct CompileError: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, in gojsonschema's words where it has some.
        public var message: String
        /// The subschema that is at fault.
        public var location: JSONPointer

        /// The message, and the place unless that is the root.
        public var description: String { location.isRoot ? message : "\(message) (at \(location))" }
    }
}
