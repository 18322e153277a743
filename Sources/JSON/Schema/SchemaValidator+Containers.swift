extension SchemaValidator {
    mutating func check(_ elements: [JSONValue], _ node: SchemaNode, _ outcome: inout Outcome) {
        switch node.rules.items {
        case .any: break
        case .every(let number):
            for (index, element) in elements.enumerated() {
                outcome.merge(apply(number, to: element, under: String(index)))
            }
        case .each(let numbers) where !numbers.isEmpty: check(elements, numbers, node, &outcome)
        case .each: break
        }
        if let least = node.rules.minItems, elements.count < least {
            report("Array must have at least \(least) items", &outcome)
        }
        if let most = node.rules.maxItems, elements.count > most {
            report("Array must have at most \(most) items", &outcome)
        }
        if node.rules.uniqueItems { checkUnique(elements, &outcome) }
        checkContains(elements, node, &outcome)
        outcome.score += 1
    }

    private mutating func check(
        _ elements: [JSONValue], _ numbers: [Int], _ node: SchemaNode, _ outcome: inout Outcome
    ) {
        for (index, (element, number)) in zip(elements, numbers).enumerated() {
            outcome.merge(apply(number, to: element, under: String(index)))
        }
        guard elements.count > numbers.count else { return }
        switch node.rules.additionalItems {
        case .allowed: break
        case .forbidden: report("No additional items allowed on array", &outcome)
        case .schema(let number):
            for index in numbers.count..<elements.count {
                outcome.merge(apply(number, to: elements[index], under: String(index)))
            }
        }
    }

    private mutating func checkUnique(_ elements: [JSONValue], _ outcome: inout Outcome) {
        guard work.spend(JSONValue.array(elements).weight >> 3) else { return }
        var indexes: [JSONValue: Int] = [:]
        for (index, element) in elements.enumerated() {
            if let earlier = indexes.updateValue(index, forKey: element) {
                report("array items[\(earlier),\(index)] must be unique", &outcome)
            }
        }
    }

    private mutating func checkContains(_ elements: [JSONValue], _ node: SchemaNode, _ outcome: inout Outcome) {
        guard let number = node.rules.contains else { return }
        var closest: Outcome?
        for (index, element) in elements.enumerated() {
            let result = apply(number, to: element, under: String(index))
            if result.isValid { return }
            closest = Self.closer(closest, result)
        }
        report("At least one of the items must match", &outcome)
        if let closest { outcome.merge(closest) }
    }
}

extension SchemaValidator {
    mutating func check(_ object: JSONObject, _ node: SchemaNode, _ outcome: inout Outcome) {
        if let least = node.rules.minProperties, object.count < least {
            report("Must have at least \(least) properties", &outcome)
        }
        if let most = node.rules.maxProperties, object.count > most {
            report("Must have at most \(most) properties", &outcome)
        }
        work.spend(node.rules.required.count >> 2)
        for name in node.rules.required {
            if object[name] != nil { outcome.score += 1 } else { report("\(name) is required", &outcome) }
        }
        checkOtherProperties(of: object, node, &outcome)
        checkPropertyNames(of: object, node, &outcome)
        outcome.score += 1
    }

    /// `properties`, which come last of all.
    mutating func checkProperties(of object: JSONObject, _ node: SchemaNode, _ outcome: inout Outcome) {
        work.spend(node.rules.properties.count >> 2)
        for (key, number) in node.rules.properties {
            guard let value = object[key] else { continue }
            outcome.merge(apply(number, to: value, under: key))
        }
    }

    /// `patternProperties`, and `additionalProperties` for what neither a name nor a pattern describes.
    private mutating func checkOtherProperties(of object: JSONObject, _ node: SchemaNode, _ outcome: inout Outcome) {
        if case .allowed = node.rules.additionalProperties, node.rules.patternProperties.isEmpty { return }
        for (key, value) in object {
            guard work.spend() else { return }
            var isDescribed = node.rules.properties.contains(key)
            var matches = false
            for (pattern, number) in node.rules.patternProperties where self.matches(pattern, key) {
                matches = true
                outcome.merge(apply(number, to: value, under: key))
            }
            if matches {
                isDescribed = true
                outcome.score += 1
            }
            guard !isDescribed else { continue }
            switch node.rules.additionalProperties {
            case .allowed: break
            case .forbidden: report("Additional property \(key) is not allowed", &outcome)
            case .schema(let number): outcome.merge(apply(number, to: value, under: key))
            }
        }
    }

    private mutating func checkPropertyNames(of object: JSONObject, _ node: SchemaNode, _ outcome: inout Outcome) {
        guard let number = node.rules.propertyNames else { return }
        for key in object.keys {
            let result = apply(number, to: .string(key))
            guard !result.isValid else { continue }
            report("Property name of \"\(key)\" does not match", &outcome)
            outcome.merge(result)
        }
    }
}
