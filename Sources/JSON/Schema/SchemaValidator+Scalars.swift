extension SchemaValidator {
    mutating func check(_ number: JSONNumber, _ node: SchemaNode, _ outcome: inout Outcome) {
        let rules = node.rules
        work.spend(number.approximateLength >> 4)
        if let divisor = rules.multipleOf, !number.isMultiple(of: divisor) {
            report("Must be a multiple of \(divisor.messageText)", &outcome)
        }
        if let bound = rules.maximum, number > bound {
            report("Must be less than or equal to \(bound.messageText)", &outcome)
        }
        if let bound = rules.exclusiveMaximum, number >= bound {
            report("Must be less than \(bound.messageText)", &outcome)
        }
        if let bound = rules.minimum, number < bound {
            report("Must be greater than or equal to \(bound.messageText)", &outcome)
        }
        if let bound = rules.exclusiveMinimum, number <= bound {
            report("Must be greater than \(bound.messageText)", &outcome)
        }
        outcome.score += 1
    }

    mutating func check(_ text: String, _ node: SchemaNode, _ outcome: inout Outcome) {
        let rules = node.rules
        let length = text.utf8.count
        // To check a pattern is to compile it.
        guard work.spend(rules.format == .regex ? length : length >> 8) else { return }
        if let least = rules.minLength, text.unicodeScalars.count < least {
            report("String length must be greater than or equal to \(least)", &outcome)
        }
        if let most = rules.maxLength, text.unicodeScalars.count > most {
            report("String length must be less than or equal to \(most)", &outcome)
        }
        if let pattern = rules.pattern, !matches(pattern, text) {
            report("Does not match pattern '\(pattern.pattern)'", &outcome)
        }
        if let format = rules.format, !format.accepts(text) {
            report("Does not match format '\(format.rawValue)'", &outcome)
        }
        outcome.score += 1
    }
}
