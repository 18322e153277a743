import HTTPServing
public import Tracker

/// What a route needs of its caller, as data (C §11.3).
public enum AccessRequirement: Sendable, Hashable {
    /// Nothing: it is open to all.
    case nothing
    /// To be known to the server.
    case account
    /// The right to `action` in `scope`, on the object whose key is in the path; on none if the path has no key.
    case claim(scope: String, action: String)
    /// The right to list `scope`, without which the list is empty (C §7.2).
    case list(scope: String)
    /// The right to create the object that the body holds.
    case create(TypeName)
    /// For every operation of the body's patch that changes something, the right to update what it points to; pointers
    /// begin at the member `below`, or at the object itself if that is empty.
    case patch(TypeName, below: String)
    /// The right to update the member `member` as a whole, or, where the path has a `name`, that part of it.
    case update(TypeName, member: String)
    /// The right to run the action that the path names.
    case action(TypeName)
    /// All rights there are: for what is given all of them itself.
    case everything
}

extension AccessRequirement {
    /// Whether it is the right to a list.
    var isList: Bool { if case .list = self { true } else { false } }

    /// What claims call the objects of which the path names one; nil if the route is not about one that is there.
    var scopeOfObject: String? {
        switch self {
        case .nothing, .account, .list, .create, .everything: nil
        case .claim(let scope, _): scope
        case .patch(let typeName, _), .update(let typeName, _), .action(let typeName): typeName.rawValue
        }
    }

    /// What a route that needs this writes, as far as that can be told by it.
    func writeScope(in catalog: Catalog) -> WriteScope {
        switch self {
        case .nothing, .account, .everything: .unknown
        case .claim(let scope, _), .list(let scope):
            WriteScope(catalog[TypeName(scope)] == nil ? nil : [TypeName(scope)])
        case .create(let typeName), .patch(let typeName, _), .update(let typeName, _), .action(let typeName):
            WriteScope([typeName])
        }
    }
}
