extension Pipeline: CustomStringConvertible {
    /// The pipeline as template text.
    public var description: String {
        let target = variables.isEmpty ? "" : variables.joined(separator: ", ") + (assigns ? " = " : " := ")
        return target + commands.map(\.description).joined(separator: " | ")
    }
}

extension Pipeline.Command: CustomStringConvertible {
    /// The command as template text.
    public var description: String { operands.map(\.description).joined(separator: " ") }
}

extension Pipeline.Operand: CustomStringConvertible {
    /// The operand as template text.
    public var description: String {
        let path = fields.map { "." + $0 }.joined()
        return term == .dot && !fields.isEmpty ? path : term.description + path
    }
}

extension Pipeline.Term: CustomStringConvertible {
    /// The term as template text.
    public var description: String {
        switch self {
        case .dot: "."
        case .nil: "nil"
        case .bool(let value): "\(value)"
        case .number(let number): number.literal
        case .string(_, let literal): literal
        case .variable(let name), .function(let name): name
        case .pipeline(let pipeline): "(\(pipeline))"
        }
    }
}
