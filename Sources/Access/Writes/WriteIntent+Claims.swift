import JSON
public import Tracker

extension WriteIntent {
    /// The actions that an operation names: what it takes as far as it alone can tell (C §11.3).
    public var actions: [String] {
        switch self {
        case .create: ["create"]
        case .replace: ["update"]
        case .remove: ["delete"]
        case .restore: []
        case .part(let pointer): ["update:\(pointer)"]
        case .patch:
            // One that changes nothing is a way to get the object.
            pointers.isEmpty ? ["get"] : Self.updates(pointers)
        }
    }

    /// How many members are claimed one by one; what changes more takes the right to the whole of what they are in.
    static let mostMembers = 256

    /// The actions that update what `pointers` lead to, each once.
    static func updates(_ pointers: [JSONPointer]) -> [String] {
        let isMany = pointers.count > mostMembers
        var seen: Set<JSONPointer> = []
        return pointers.map { isMany ? JSONPointer(tokens: Array($0.tokens.prefix(1))) : $0 }
            .filter { seen.insert($0).inserted }.map { "update:\($0)" }
    }
}

/// Where two objects differ.
enum ChangedMembers {
    /// The pointers to what differs: members of the object, and of maps and records in it down to those that one of the two
    /// lacks or that are no maps. Lists differ as a whole.
    static func between(_ before: JSONObject, _ after: JSONObject, at start: JSONPointer = JSONPointer())
        -> [JSONPointer]
    {
        var changed: [JSONPointer] = []
        for (name, value) in before where after[name] != value {
            let pointer = start.appending(name)
            if case .object(let old) = value, case .object(let new) = after[name] {
                changed += between(old, new, at: pointer)
            } else {
                changed.append(pointer)
            }
        }
        for (name, _) in after where before[name] == nil { changed.append(start.appending(name)) }
        return changed
    }
}
