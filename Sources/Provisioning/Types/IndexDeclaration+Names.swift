import Tracker

/// The indexes that many types have (C §7.1).
extension IndexDeclaration {
    /// The unique name.
    static let name = IndexDeclaration("Name", .string, isUnique: true, hasRegex: true)

    /// The unique id.
    static let id = IndexDeclaration("Id", .string, isUnique: true, hasRegex: true)

    /// A text that may be searched by regular expression.
    static func text(_ name: String) -> IndexDeclaration { IndexDeclaration(name, .string, hasRegex: true) }

    /// What a client is told apart by, mostly a hardware address.
    static let token = IndexDeclaration("Token", .hardwareAddress, hasRegex: true)

    /// A boolean, which does not sort.
    static func flag(_ name: String) -> IndexDeclaration { IndexDeclaration(name, .boolean, isUnordered: true) }

    /// The elements of a list or the keys of a map.
    static func list(_ name: String) -> IndexDeclaration { IndexDeclaration(name, .list, isUnordered: true) }

    /// An IP address.
    static func address(_ name: String, source: Source? = nil, refusal: String? = nil) -> IndexDeclaration {
        IndexDeclaration(name, .address, source: source, refusal: refusal)
    }
}
