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
        var next = 0
        for member in members {
            while next < other.members.count, other.members[next].precedes(member) {
                merged.append(other.members[next])
                next += 1
            }
            if next < other.members.count, other.members[next].hasSameKey(as: member) {
                merged.append(Member(key: member.key, value: combine(member.value, other.members[next].value)))
                next += 1
            } else {
                merged.append(member)
            }
        }
        return JSONObject(ascending: merged + other.members[next...])
    }

    /// The members that pass `isIncluded`.
    public func filter(_ isIncluded: (_ key: String, _ value: JSONValue) -> Bool) -> JSONObject {
        JSONObject(ascending: members.filter { isIncluded($0.key, $0.value) })
    }

    /// The same keys with transformed values.
    public func mapValues(_ transform: (JSONValue) -> JSONValue) -> JSONObject {
        JSONObject(ascending: members.map { Member(key: $0.key, value: transform($0.value)) })
    }
}
