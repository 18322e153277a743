extension Execution {
    /// Takes the fields of an operand one from another; the last one gets the arguments if it is a method.
    mutating func follow(
        _ operand: Pipeline.Operand, from start: Reflected, _ dot: Reflected, _ call: Call
    ) throws(TemplateFailure) -> Reflected {
        var value = start
        for field in operand.fields.dropLast() {
            value = try self.field(field, of: value, operand, dot, .none)
        }
        return try field(operand.fields[operand.fields.count - 1], of: value, operand, dot, call)
    }

    private mutating func field(
        _ name: String, of receiver: Reflected, _ operand: Pipeline.Operand, _ dot: Reflected, _ call: Call
    ) throws(TemplateFailure) -> Reflected {
        try context.spend()
        switch receiver.value {
        case .missing:
            guard missingKey != .error else {
                throw TemplateFailure("nil data; no entry for key \(GoLiteral.quoted(name))")
            }
            return .missing
        case .nil: throw TemplateFailure("nil pointer evaluating \(receiver.typeName).\(name)")
        case .object(let object):
            switch object.member(name) {
            case .method(let signature):
                return try self.call(method: name, signature, of: object, operand, dot, call)
            case .field(let value, let isInterface):
                guard call.isEmpty else {
                    throw TemplateFailure("\(name) has arguments but cannot be invoked as function")
                }
                return Reflected(value, isInterface: isInterface)
            case nil: break
            }
        case .map(let map):
            guard call.isEmpty else { throw TemplateFailure("\(name) is not a method but has arguments") }
            return try entry(name, of: map)
        default: break
        }
        throw TemplateFailure("can't evaluate field \(name) in type \(receiver.typeName)")
    }

    private func entry(_ name: String, of map: TemplateMap) throws(TemplateFailure) -> Reflected {
        if let value = map[name] { return Reflected(value, isInterface: map.element.isInterface) }
        switch missingKey {
        case .default: return .missing
        case .zero: return Reflected(.zero(of: map.element), isInterface: map.element.isInterface)
        case .error: throw TemplateFailure("map has no entry for key \(GoLiteral.quoted(name))")
        }
    }
}
