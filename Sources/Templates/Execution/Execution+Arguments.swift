extension Execution {
    /// The value of an argument for a parameter of a type.
    mutating func argument(
        _ operand: Pipeline.Operand, _ type: GoType, _ dot: Reflected
    ) throws(TemplateFailure) -> Reflected {
        try context.spend()
        if operand.fields.isEmpty, case .pipeline(let pipeline) = operand.term {
            return try validated(try evaluate(pipeline, dot), type)
        }
        place = .operand(operand)
        switch operand.term {
        case .dot where operand.fields.isEmpty: return try validated(dot, type)
        case .nil where operand.fields.isEmpty:
            guard type.takesNil else { throw TemplateFailure("cannot assign nil to \(type)") }
            return type == .value ? .missing : Reflected(.zero(of: type), isInterface: type.isInterface)
        case .bool, .number, .string: return Reflected(try literal(operand, type))
        default: return try validated(try evaluate(operand, dot, .none), type)
        }
    }

    /// A value that a parameter of a type takes.
    func validated(_ given: Reflected, _ type: GoType) throws(TemplateFailure) -> Reflected {
        switch (given.value, type) {
        case (.missing, .value): return given
        case (.missing, _):
            guard type.takesNil else { throw TemplateFailure("invalid value; expected \(type)") }
            return Reflected(.zero(of: type), isInterface: type.isInterface)
        case (_, .any), (_, .value): return given
        default:
            guard given.value.type != type else { return Reflected(given.value) }
            let name = given.value.type?.description ?? given.typeName
            throw TemplateFailure("wrong type for value; expected \(type); got \(name)")
        }
    }

    /// The value of a literal for a parameter, whose type it takes.
    private func literal(_ operand: Pipeline.Operand, _ type: GoType) throws(TemplateFailure) -> TemplateValue {
        switch (type, operand.term) {
        case (.any, _), (.value, _): return try constant(operand).value
        case (.bool, .bool(let value)): return .bool(value)
        case (.bool, _): throw TemplateFailure("expected bool; found \(operand)")
        case (.string, .string(let text, _)): return .string(text)
        case (.string, _): throw TemplateFailure("expected string; found \(operand)")
        case (.integer(let kind), .number(let number)) where number.int != nil: return .integer(number.int ?? 0, kind)
        case (.integer, _): throw TemplateFailure("expected integer; found \(operand)")
        case (.unsigned(let kind), .number(let number)) where number.uint != nil:
            return .unsigned(number.uint ?? 0, kind)
        case (.unsigned, _): throw TemplateFailure("expected unsigned integer; found \(operand)")
        case (.float64, .number(let number)) where number.float != nil: return .float(number.float ?? 0)
        case (.float64, _): throw TemplateFailure("expected float; found \(operand)")
        case (.complex128, .number(let number)) where number.complex != nil:
            return .complex(number.complex ?? Pipeline.Complex(real: 0, imaginary: 0))
        case (.complex128, _): throw TemplateFailure("expected complex; found \(operand)")
        default: throw TemplateFailure("can't handle \(operand) for arg of type \(type)")
        }
    }
}
