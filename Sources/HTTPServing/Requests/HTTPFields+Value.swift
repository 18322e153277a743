package import HTTPTypes

extension HTTPFields {
    /// The value of a field as the subscript gives it. It takes a fraction of the time where there is one such field, since the
    /// subscript joins the values of all.
    package func value(of name: HTTPField.Name) -> String? {
        var found: String?
        for field in self where field.name == name {
            if found != nil { return self[name] }
            found = field.value
        }
        return found
    }

    /// Whether there is a field of that name.
    package func has(_ name: HTTPField.Name) -> Bool { contains { $0.name == name } }
}
