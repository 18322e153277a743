import Basics

/// One execution of a template: the variables, the output so far, and the place that errors tell.
///
/// The order in which ``place`` moves is that of Go's executor, so that errors tell the same place.
struct Execution {
    /// The part of a template that is being executed; errors show it.
    enum Place {
        case node(Node)
        case pipeline(Pipeline)
        case command(Pipeline.Command)
        case operand(Pipeline.Operand)
    }

    /// How a list of nodes ended.
    enum Flow {
        case end, exit, next
    }

    /// What a called template has of its own.
    struct Frame {
        let body: TemplateSet.Body
        var variables: [(name: String, value: Reflected)]
    }

    let functions: FunctionTable
    let missingKey: TemplateOptions.MissingKey
    var set: TemplateSet
    var context: TemplateContext
    var frame = Frame(body: TemplateSet.Body(name: "", source: "", nodes: []), variables: [])
    var place: Place?
    var output: [UInt8] = []

    init(
        set: TemplateSet, functions: FunctionTable, missingKey: TemplateOptions.MissingKey, context: TemplateContext
    ) {
        self.set = set
        self.functions = functions
        self.missingKey = missingKey
        self.context = context
    }

    /// Executes a template of the set.
    mutating func run(_ name: String, _ data: TemplateValue) throws(TemplateExecutionError) -> String {
        guard let body = set.body(named: name) else {
            throw TemplateExecutionError(
                name: name, place: nil, message: "no template \(GoLiteral.quoted(name))", limit: nil)
        }
        do throws(TemplateFailure) {
            try call(body, Reflected(data).unwrapped)
            return String(decoding: output, as: UTF8.self)
        } catch {
            throw TemplateExecutionError(
                name: name, place: place.map { shown($0) }, message: error.message, limit: error.limit)
        }
    }

    /// Executes a body with variables of its own.
    mutating func call(_ body: TemplateSet.Body, _ dot: Reflected) throws(TemplateFailure) {
        context.calls += 1
        guard context.calls <= context.limits.calls else {
            throw TemplateFailure("exceeded maximum template depth (\(context.limits.calls))", limit: .depth)
        }
        let caller = frame
        frame = Frame(body: body, variables: [("$", dot)])
        _ = try walk(body.nodes, dot)
        frame = caller
        context.calls -= 1
    }

    /// Appends text to the output.
    mutating func write(_ text: some Collection<UInt8>) throws(TemplateFailure) {
        try context.spend(text.count >> 5)
        guard output.count + text.count <= context.limits.output else {
            throw TemplateFailure("exceeded maximum size of output (\(context.limits.output) bytes)", limit: .output)
        }
        output += text
    }

    private func shown(_ place: Place) -> TemplateExecutionError.Place {
        let (position, action) =
            switch place {
            case .node(let node): (node.position, node.description)
            case .pipeline(let pipeline): (pipeline.position, pipeline.description)
            case .command(let command): (command.operands[0].position, command.description)
            case .operand(let operand): (operand.position, operand.description)
            }
        return TemplateExecutionError.Place(
            source: frame.body.source, line: position.line, column: position.column, template: frame.body.name,
            action: action)
    }
}
