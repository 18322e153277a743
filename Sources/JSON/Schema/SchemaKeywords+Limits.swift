extension SchemaKeywords {
    func readNumbers(into rules: inout SchemaRules) throws(CompileError) {
        if let value = self["multipleOf"] {
            guard case .number(let number) = value else { throw expected("number", for: "multipleOf") }
            guard number > JSONNumber(0) else { throw fault("multipleOf must be strictly greater than 0") }
            guard number.canDivide else { throw fault("multipleOf must have no more than 19 digits") }
            rules.multipleOf = number
        }
        (rules.minimum, rules.exclusiveMinimum) = try bounds("minimum", exclusive: "exclusiveMinimum")
        (rules.maximum, rules.exclusiveMaximum) = try bounds("maximum", exclusive: "exclusiveMaximum")
    }

    /// Draft 4 has a boolean that makes the bound exclusive, later drafts a bound of its own.
    private func bounds(_ keyword: String, exclusive: String) throws(CompileError) -> (JSONNumber?, JSONNumber?) {
        var bound: JSONNumber?
        if let value = self[keyword] {
            guard case .number(let number) = value else { throw fault("\(keyword) must be of a number") }
            bound = number
        }
        switch self[exclusive] {
        case nil: return (bound, nil)
        case .bool(let isExclusive) where draft == .draft4 || draft == .any:
            guard let bound else { throw fault("\(exclusive) cannot be used without \(keyword)") }
            return isExclusive ? (nil, bound) : (bound, nil)
        case .number(let number) where draft >= .draft6: return (bound, number)
        default:
            let type =
                switch draft {
                case .draft4: "boolean"
                case .draft6, .draft7: "number"
                case .any: "boolean/number"
                }
            throw expected(type, for: exclusive)
        }
    }

    func readStrings(into rules: inout SchemaRules) throws(CompileError) {
        rules.minLength = try count("minLength")
        rules.maxLength = try count("maxLength")
        if let least = rules.minLength, let most = rules.maxLength, least > most {
            throw fault("minLength cannot be greater than maxLength")
        }
        if let value = self["pattern"] {
            guard case .string(let pattern) = value else { throw fault("pattern must be of a string") }
            do { rules.pattern = try LinearRegex(pattern) } catch { throw fault("pattern must be a valid regex") }
        }
        if let value = self["format"] {
            guard case .string(let name) = value else { throw fault("format must be of type string") }
            // A format nobody knows is met by everything.
            rules.format = SchemaFormat(rawValue: name)
        }
    }

    func readSizes(into rules: inout SchemaRules) throws(CompileError) {
        rules.minProperties = try count("minProperties")
        rules.maxProperties = try count("maxProperties")
        if let least = rules.minProperties, let most = rules.maxProperties, least > most {
            throw fault("minProperties cannot be greater than maxProperties")
        }
        rules.minItems = try count("minItems")
        rules.maxItems = try count("maxItems")
        if let value = self["uniqueItems"] {
            guard case .bool(let unique) = value else { throw fault("uniqueItems must be of a boolean") }
            rules.uniqueItems = unique
        }
    }

    private func count(_ keyword: String) throws(CompileError) -> Int? {
        guard let value = self[keyword] else { return nil }
        guard let count = value.intValue else { throw fault("\(keyword) must be of an integer") }
        guard count >= 0 else { throw fault("\(keyword) must be greater than or equal to 0") }
        return count
    }
}
