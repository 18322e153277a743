/// The contents of arguments whose types a signature has made sure of; those of any other type count as zero.
extension TemplateValue {
    /// Text.
    package var string: String {
        guard case .string(let text) = self else { return "" }
        return text
    }

    /// A signed integer.
    package var int: Int {
        guard case .integer(let number, _) = self else { return 0 }
        return Int(number)
    }

    /// A floating-point number.
    var double: Double {
        guard case .float(let number) = self else { return 0 }
        return number
    }

    /// A truth value.
    var flag: Bool {
        guard case .bool(let flag) = self else { return false }
        return flag
    }

    /// A map; one without entries if it is none.
    var entries: TemplateMap {
        guard case .map(let map) = self else { return TemplateMap() }
        return map
    }

    /// What Go's `reflect` calls the kind of the value.
    var kind: String { type?.kind ?? "invalid" }

    /// Whether sprig takes it for not given: zero or empty. Objects never are.
    var isEmpty: Bool { !isTrue }
}

extension TemplateFailure {
    /// What Go says of a `nil` that it needed a value of.
    static let nilDereference = TemplateFailure("runtime error: invalid memory address or nil pointer dereference")

    /// What Go says of a division by zero.
    static let zeroDivision = TemplateFailure("runtime error: integer divide by zero")
}

extension TemplateContext {
    /// The text of a value as sprig takes it for text.
    mutating func strval(_ value: TemplateValue) throws(TemplateFailure) -> String {
        switch value {
        case .string(let text): text
        case .list(let list) where list.element == .unsigned(.uint8): list.text
        default: try text(of: value)
        }
    }

    /// The elements of a value as texts, without those that are nothing; a value that is no list is the only one.
    mutating func strings(_ value: TemplateValue) throws(TemplateFailure) -> [String] {
        guard case .list(let list) = value else { return value.isNothing ? [] : [try strval(value)] }
        try spend(list.elements.count)
        var texts: [String] = []
        for element in list.elements where !element.isNothing { texts.append(try strval(element)) }
        return texts
    }

    /// Texts with a separator between them, if that is not too long.
    mutating func joined(_ texts: [String], by separator: String) throws(TemplateFailure) -> TemplateValue {
        var length = texts.isEmpty ? 0 : separator.utf8.count * (texts.count - 1)
        for text in texts { length += text.utf8.count }
        try spend(bytes: length)
        return .string(texts.joined(separator: separator))
    }
}
