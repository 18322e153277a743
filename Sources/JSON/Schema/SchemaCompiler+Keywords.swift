extension SchemaCompiler {
    mutating func compile(_ keywords: SchemaKeywords, into rules: inout SchemaRules) throws(CompileError) {
        rules.types = try keywords.types()
        rules.enumeration = try keywords.enumeration()
        if draft >= .draft6 { rules.constant = keywords["const"] }
        try keywords.readNumbers(into: &rules)
        try keywords.readStrings(into: &rules)
        try keywords.readSizes(into: &rules)
        rules.required = try keywords.required()
        try compileArrayKeywords(keywords, into: &rules)
        try compileObjectKeywords(keywords, into: &rules)
        try compileCombinations(keywords, into: &rules)
    }

    private mutating func compileArrayKeywords(
        _ keywords: SchemaKeywords, into rules: inout SchemaRules
    ) throws(CompileError) {
        let location = keywords.location.appending("items")
        switch keywords["items"] {
        case nil: break
        case .array(let schemas):
            var items: [Int] = []
            for (index, schema) in schemas.enumerated() {
                guard keywords.isSchema(schema) else {
                    throw keywords.expected("schema/array of schemas", for: "items")
                }
                items.append(try compile(schema, at: location.appending(index)))
            }
            rules.items = .each(items)
        case let schema?:
            guard keywords.isSchema(schema) else { throw keywords.expected("schema/array of schemas", for: "items") }
            rules.items = .every(try compile(schema, at: location))
        }
        rules.additionalItems = try compileAdditional("additionalItems", of: keywords)
        if draft >= .draft6, let schema = keywords["contains"] {
            rules.contains = try compile(schema, at: keywords.location.appending("contains"))
        }
    }

    private mutating func compileObjectKeywords(
        _ keywords: SchemaKeywords, into rules: inout SchemaRules
    ) throws(CompileError) {
        for (key, schema) in try keywords.schemas("properties", expected: "object") ?? JSONObject() {
            rules.properties.append(
                key, try compile(schema, at: keywords.location.appending("properties").appending(key)))
        }
        rules.additionalProperties = try compileAdditional("additionalProperties", of: keywords)
        for (key, schema) in try keywords.schemas("patternProperties", expected: "schema") ?? JSONObject() {
            let pattern: LinearRegex
            do { pattern = try LinearRegex(key) } catch { throw keywords.fault("Invalid regex pattern '\(key)'") }
            let location = keywords.location.appending("patternProperties").appending(key)
            rules.patternProperties.append((pattern, try compile(schema, at: location)))
        }
        if draft >= .draft6, let schema = keywords["propertyNames"] {
            guard keywords.isSchema(schema) else { throw keywords.expected("schema", for: "propertyNames") }
            rules.propertyNames = try compile(schema, at: keywords.location.appending("propertyNames"))
        }
        for (key, value) in try keywords.schemas("dependencies", expected: "object") ?? JSONObject() {
            rules.dependencies.append((key, try compileDependency(value, key: key, of: keywords)))
        }
    }

    private mutating func compileDependency(
        _ value: JSONValue, key: String, of keywords: SchemaKeywords
    ) throws(CompileError) -> SchemaRules.Dependency {
        if case .array(let names) = value {
            let strings = names.compactMap(\.stringValue)
            if strings.count == names.count { return .properties(strings) }
        } else if keywords.isSchema(value) {
            return .schema(try compile(value, at: keywords.location.appending("dependencies").appending(key)))
        }
        throw keywords.fault("dependency must be of type schema or array of strings")
    }

    private mutating func compileAdditional(
        _ keyword: String, of keywords: SchemaKeywords
    ) throws(CompileError) -> SchemaRules.Additional {
        switch keywords[keyword] {
        case nil, .bool(true): return .allowed
        case .bool(false): return .forbidden
        case .object(let schema):
            return .schema(try compile(.object(schema), at: keywords.location.appending(keyword)))
        default: throw keywords.expected("boolean/schema", for: keyword)
        }
    }

    private mutating func compileCombinations(
        _ keywords: SchemaKeywords, into rules: inout SchemaRules
    ) throws(CompileError) {
        rules.oneOf = try compileList("oneOf", of: keywords)
        rules.anyOf = try compileList("anyOf", of: keywords)
        rules.allOf = try compileList("allOf", of: keywords)
        rules.not = try compileSchema("not", of: keywords)
        guard draft >= .draft7 else { return }
        rules.condition = try compileSchema("if", of: keywords)
        rules.consequence = try compileSchema("then", of: keywords)
        rules.alternative = try compileSchema("else", of: keywords)
    }

    private mutating func compileList(_ keyword: String, of keywords: SchemaKeywords) throws(CompileError) -> [Int] {
        guard let value = keywords[keyword] else { return [] }
        guard case .array(let schemas) = value else { throw keywords.fault("\(keyword) must be of an array") }
        var numbers: [Int] = []
        for (index, schema) in schemas.enumerated() {
            numbers.append(try compile(schema, at: keywords.location.appending(keyword).appending(index)))
        }
        return numbers
    }

    private mutating func compileSchema(_ keyword: String, of keywords: SchemaKeywords) throws(CompileError) -> Int? {
        guard let schema = keywords[keyword] else { return nil }
        guard keywords.isSchema(schema) else { throw keywords.fault("\(keyword) must be of an object") }
        return try compile(schema, at: keywords.location.appending(keyword))
    }
}
