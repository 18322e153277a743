/// What applies to values of every type.
extension SchemaValidator {
    /// False when the type is wrong; then nothing else is checked.
    mutating func checkType(of value: JSONValue, _ node: SchemaNode, _ outcome: inout Outcome) -> Bool {
        let types = node.rules.types
        guard !types.isEmpty, !types.contains(where: { $0.includes(value) }) else { return true }
        let names = types.map(\.rawValue).joined(separator: ",")
        let expected = types.count == 1 ? names : "[\(names)]"
        report("Invalid type. Expected: \(expected), given: \(SchemaType.given(value).rawValue)", &outcome)
        return false
    }

    /// `const` and `enum`.
    mutating func checkChoice(of value: JSONValue, _ node: SchemaNode, _ outcome: inout Outcome) {
        guard work.spend(node.choiceWeight >> 3) else { return }
        if let constant = node.rules.constant, constant != value {
            report("\(field) does not match: \(constant.canonicalText)", &outcome)
        }
        let choices = node.rules.enumeration
        if !choices.isEmpty, !choices.contains(value) {
            let texts = choices.map(\.canonicalText).joined(separator: ", ")
            report("\(field) must be one of the following: \(texts)", &outcome)
        }
        outcome.score += 1
    }

    /// The keywords that apply further schemas to the same value.
    mutating func combine(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        checkAnyOf(node, value, &outcome)
        checkOneOf(node, value, &outcome)
        checkAllOf(node, value, &outcome)
        if let not = node.rules.not, apply(not, to: value).isValid {
            report("Must not validate the schema (not)", &outcome)
        }
        checkDependencies(node, value, &outcome)
        checkCondition(node, value, &outcome)
        outcome.score += 1
    }

    private mutating func checkAnyOf(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        var closest: Outcome?
        for number in node.rules.anyOf {
            let result = apply(number, to: value)
            if result.isValid { return }
            closest = Self.closer(closest, result)
        }
        guard let closest else { return }
        report("Must validate at least one schema (anyOf)", &outcome)
        outcome.merge(closest)
    }

    private mutating func checkOneOf(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        guard !node.rules.oneOf.isEmpty else { return }
        var validCount = 0
        var closest: Outcome?
        for number in node.rules.oneOf {
            let result = apply(number, to: value)
            if result.isValid { validCount += 1 } else { closest = Self.closer(closest, result) }
        }
        guard validCount != 1 else { return }
        report("Must validate one and only one schema (oneOf)", &outcome)
        if validCount == 0, let closest { outcome.merge(closest) }
    }

    private mutating func checkAllOf(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        var allValid = true
        for number in node.rules.allOf {
            let result = apply(number, to: value)
            if !result.isValid { allValid = false }
            outcome.merge(result)
        }
        if !allValid { report("Must validate all the schemas (allOf)", &outcome) }
    }

    private mutating func checkDependencies(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        guard case .object(let object) = value else { return }
        work.spend(node.rules.dependencies.count >> 2)
        for (key, dependency) in node.rules.dependencies where object[key] != nil {
            switch dependency {
            case .properties(let names):
                work.spend(names.count >> 2)
                for name in names where object[name] == nil { report("Has a dependency on \(name)", &outcome) }
            case .schema(let number): apply(number, to: value, &outcome)
            }
        }
    }

    private mutating func checkCondition(_ node: SchemaNode, _ value: JSONValue, _ outcome: inout Outcome) {
        guard let condition = node.rules.condition else { return }
        let holds = apply(condition, to: value).isValid
        guard let branch = holds ? node.rules.consequence : node.rules.alternative else { return }
        let result = apply(branch, to: value)
        guard !result.isValid else { return }
        report(
            holds ? #"Must validate "then" as "if" was valid"# : #"Must validate "else" as "if" was not valid"#,
            &outcome)
        outcome.merge(result)
    }

    /// The failure that came closest to success, the earlier of two equals.
    static func closer(_ best: Outcome?, _ other: Outcome) -> Outcome {
        guard let best, best.score >= other.score else { return other }
        return best
    }
}
