import Basics

extension Execution {
    /// The value of a pipeline, which its variables take.
    mutating func evaluate(_ pipeline: Pipeline, _ dot: Reflected) throws(TemplateFailure) -> Reflected {
        place = .pipeline(pipeline)
        try context.descend()
        var value: Reflected?
        for command in pipeline.commands {
            value = try evaluate(command, dot, value).unwrapped
        }
        context.ascend()
        let result = value ?? .missing
        for variable in pipeline.variables {
            if pipeline.assigns {
                try assign(variable, result)
            } else {
                frame.variables.append((variable, result))
            }
        }
        return result
    }

    /// Sets the latest variable of a name.
    mutating func assign(_ name: String, _ value: Reflected) throws(TemplateFailure) {
        frame.variables[try index(of: name)].value = value
    }

    private func index(of name: String) throws(TemplateFailure) -> Int {
        guard let index = frame.variables.lastIndex(where: { $0.name.hasSameUTF8(as: name) }) else {
            throw TemplateFailure("undefined variable: \(name)")
        }
        return index
    }

    /// The value of a command; `final` is that of the command before it.
    private mutating func evaluate(
        _ command: Pipeline.Command, _ dot: Reflected, _ final: Reflected?
    ) throws(TemplateFailure) -> Reflected {
        try context.spend()
        let first = command.operands[0]
        let call = Call(operands: command.operands.dropFirst(), final: final, command: command)
        guard first.fields.isEmpty, first.term != .dot else { return try evaluate(first, dot, call) }
        switch first.term {
        case .function, .variable: return try evaluate(first, dot, call)
        case .pipeline(let inner):
            try refuseArguments(call, of: first)
            return try evaluate(inner, dot)
        default:
            place = .operand(first)
            try refuseArguments(call, of: first)
            return try constant(first)
        }
    }

    /// The arguments of a command, beginning with the operand that is called.
    struct Call {
        /// The arguments in the text.
        let operands: ArraySlice<Pipeline.Operand>

        /// The argument that comes through a pipe.
        let final: Reflected?

        /// The command; nil for an operand among the arguments of another.
        let command: Pipeline.Command?

        /// No arguments.
        static var none: Call { Call(operands: [], final: nil, command: nil) }

        var isEmpty: Bool { operands.isEmpty && final == nil }
    }

    func refuseArguments(_ call: Call, of operand: Pipeline.Operand) throws(TemplateFailure) {
        guard call.isEmpty else {
            let command = Pipeline.Command(operands: [operand])
            throw TemplateFailure("can't give argument to non-function \(shown(command.operands[0]))")
        }
    }

    /// An operand as Go shows it: a pipeline without its parentheses.
    private func shown(_ operand: Pipeline.Operand) -> String {
        if operand.fields.isEmpty, case .pipeline(let pipeline) = operand.term { return pipeline.description }
        return operand.description
    }

    /// The value of an operand with a name: a field, a variable or a function, with its arguments.
    mutating func evaluate(
        _ operand: Pipeline.Operand, _ dot: Reflected, _ call: Call
    ) throws(TemplateFailure) -> Reflected {
        place = .operand(operand)
        switch operand.term {
        case .dot:
            guard !operand.fields.isEmpty else {
                try refuseArguments(call, of: operand)
                return dot
            }
            return try follow(operand, from: dot, dot, call)
        case .variable(let name):
            let value = frame.variables[try index(of: name)].value
            guard !operand.fields.isEmpty else {
                try refuseArguments(call, of: operand)
                return value
            }
            return try follow(operand, from: value, dot, call)
        case .function(let name) where operand.fields.isEmpty:
            return try self.call(function: name, operand, dot, call)
        default:
            return try follow(operand, from: try base(of: operand, dot), dot, call)
        }
    }

    /// The value in front of the fields of a chain.
    private mutating func base(of operand: Pipeline.Operand, _ dot: Reflected) throws(TemplateFailure) -> Reflected {
        let term = Pipeline.Operand(position: operand.position, term: operand.term, fields: [])
        switch operand.term {
        case .pipeline(let pipeline): return try evaluate(pipeline, dot)
        case .nil: throw TemplateFailure("indirection through explicit nil in \(operand)")
        default: return try evaluate(term, dot, .none)
        }
    }

    /// The value of a literal, whose spelling tells its type.
    func constant(_ operand: Pipeline.Operand) throws(TemplateFailure) -> Reflected {
        switch operand.term {
        case .bool(let value): return Reflected(.bool(value))
        case .string(let text, _): return Reflected(.string(text))
        case .number(let number): return Reflected(try value(of: number))
        case .nil: throw TemplateFailure("nil is not a command")
        default: throw TemplateFailure("can't evaluate command \(GoLiteral.quoted(operand.description))")
        }
    }

    private func value(of number: Pipeline.Number) throws(TemplateFailure) -> TemplateValue {
        let literal = number.literal.utf8
        let hasPower = literal.contains { $0 == UInt8(ascii: "p") || $0 == UInt8(ascii: "P") }
        let isHexadecimal =
            literal.count > 2 && literal.first == UInt8(ascii: "0")
            && literal.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x") && !hasPower
        if let complex = number.complex { return .complex(complex) }
        if let float = number.float, !isHexadecimal, literal.first != UInt8(ascii: "'"),
            literal.contains(where: ".eEpP".utf8.contains)
        {
            return .float(float)
        }
        guard let int = number.int else { throw TemplateFailure("\(number.literal) overflows int") }
        return .integer(int, .int)
    }
}
