extension JSONObject {
    /// Adds the other object's members; where both have a key, `combine` gets the old and the new value and decides.
    public mutating func merge(
        _ other: JSONObject, uniquingKeysWith combine: (_ old: JSONValue, _ new: JSONValue) -> JSONValue
    ) {
        self = merging(other, uniquingKeysWith: combine)
    }

    /// The members of both; where both have a key, `combine` gets the old and the new value and decides. O(n + m).
    public func merging(
        _ other: JSONObject, uniquingKeysWith combine: (_ old: JSONValue, _ new: JSONValue) -> JSONValue
    ) -> JSONObject {
        var merged: [Member] = []
        merged.reserveCapacity(count + other.count)
        var rest = other.members[...]
        for member in members {
            while let new = rest.first, new.key.precedesInUTF8(member.key) { merged.append(rest.removeFirst()) }
            if let new = rest.first, new.key.hasSameUTF8(as: member.key) {
                merged.append(Member(key: member.key, value: combine(member.value, new.value)))
                rest.removeFirst()
            } else {
                merged.append(member)
            }
        }
        return JSONObject(sorted: merged + rest)
    }

    /// The members that pass `isIncluded`.
    public func filter(_ isIncluded: (_ key: String, _ value: JSONValue) -> Bool) -> JSONObject {
        JSONObject(sorted: members.filter { isIncluded($0.key, $0.value) })
    }

    /// The same keys with transformed values.
    public func mapValues(_ transform: (JSONValue) -> JSONValue) -> JSONObject {
        JSONObject(sorted: members.map { Member(key: $0.key, value: transform($0.value)) })
    }
}
