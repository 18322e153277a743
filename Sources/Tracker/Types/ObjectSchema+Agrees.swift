import JSON

extension ObjectSchema {
    /// Whether an object is what a client of another version, which sends what its own struct holds, takes it for (C §8.1).
    ///
    /// Members that only one side has say nothing: ours may be newer than the client, and the client's unknown to us. What we
    /// know and leave out while it is empty must be empty.
    func agrees(_ object: JSONValue, with value: JSONValue) -> Bool {
        guard case .object(let object) = object, case .object(let members) = value else { return object == value }
        for (name, value) in members {
            if let own = object[name] {
                if own != value { return false }
            } else if let field = field(name) {
                if !value.isNull, value != field.zero { return false }
            } else if isOpen, !value.isNull {
                return false
            }
        }
        return true
    }
}
