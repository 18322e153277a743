import Basics

extension Execution {
    /// Calls a function.
    mutating func call(
        function name: String, _ operand: Pipeline.Operand, _ dot: Reflected, _ call: Call
    ) throws(TemplateFailure) -> Reflected {
        guard let function = functions[name] else {
            throw TemplateFailure("\(GoLiteral.quoted(name)) is not a defined function")
        }
        try check(call, against: function.signature, name)
        if function.isShortCircuit { return try decide(name, dot, call) }
        let arguments = try self.arguments(of: call, function.signature, dot)
        do throws(TemplateFailure) {
            let result = try function.body(arguments, &context)
            try charge(result)
            return Reflected(result, isInterface: function.signature.isInterface)
        } catch {
            place = call.command.map { .command($0) } ?? .operand(operand)
            throw failure(of: name, error)
        }
    }

    /// Calls a method of an object.
    mutating func call(
        method name: String, _ signature: TemplateSignature, of object: any TemplateObject,
        _ operand: Pipeline.Operand, _ dot: Reflected, _ call: Call
    ) throws(TemplateFailure) -> Reflected {
        try check(call, against: signature, name)
        let arguments = try self.arguments(of: call, signature, dot)
        do throws(TemplateFailure) {
            let result = try object.call(name, arguments, &context)
            try charge(result)
            return Reflected(result, isInterface: signature.isInterface)
        } catch {
            place = .operand(operand)
            throw failure(of: name, error)
        }
    }

    private func failure(of name: String, _ failure: TemplateFailure) -> TemplateFailure {
        guard failure.limit == nil else { return failure }
        return TemplateFailure("error calling \(name): \(failure.message)")
    }

    /// Takes the steps for what a function made.
    private mutating func charge(_ result: TemplateValue) throws(TemplateFailure) {
        switch result {
        case .string(let text): try context.spend(bytes: text.utf8.count)
        case .list(let list): try context.spend(list.elements.count)
        case .map(let map): try context.spend(map.count)
        default: try context.spend()
        }
    }

    private func check(
        _ call: Call, against signature: TemplateSignature, _ name: String
    ) throws(TemplateFailure) {
        let given = call.operands.count + (call.final == nil ? 0 : 1)
        let wanted = signature.parameters.count
        guard signature.variadic == nil else {
            guard given >= wanted else {
                throw TemplateFailure(
                    "wrong number of args for \(name): want at least \(wanted) got \(call.operands.count)")
            }
            return
        }
        guard given == wanted else {
            throw TemplateFailure("wrong number of args for \(name): want \(wanted) got \(given)")
        }
    }

    /// The first argument that decides an `and` or `or`, or the last one.
    private mutating func decide(_ name: String, _ dot: Reflected, _ call: Call) throws(TemplateFailure) -> Reflected {
        var value = Reflected.missing
        for operand in call.operands {
            value = try argument(operand, .value, dot)
            if value.value.isTrue == name.hasSameUTF8(as: "or") { return value }
        }
        return call.final ?? value
    }

    private mutating func arguments(
        of call: Call, _ signature: TemplateSignature, _ dot: Reflected
    ) throws(TemplateFailure) -> [TemplateValue] {
        var values: [TemplateValue] = []
        values.reserveCapacity(call.operands.count + 1)
        for operand in call.operands {
            values.append(try argument(operand, signature.type(at: values.count), dot).value)
        }
        if let final = call.final {
            values.append(try validated(final, signature.type(at: values.count)).value)
        }
        return values
    }
}
