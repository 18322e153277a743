import Basics

/// The members of a JSON object: unique keys, kept sorted by their UTF-8 bytes.
///
/// A sorted array beats a hash table here: objects are small, they are compared and written in order far more often than
/// they are searched, and canonical text needs exactly this order.
public struct JSONObject: Sendable, Hashable {
    /// Strictly ascending by key.
    public private(set) var members: [Member]

    /// An object without members.
    public init() { members = [] }

    /// An object of these members in any order; of several with one key the last stays.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.init(Array(members))
    }

    /// An object of these members in any order; of several with one key the last stays.
    ///
    /// Not generic, since other modules could call a generic one only through witness tables, element by element.
    public init(_ members: [(String, JSONValue)]) {
        let given = members.map { Member(key: $0.0, value: $0.1) }
        // Records give their fields in order, and most text comes in canonical form.
        if Self.isAscending(given) {
            self.members = given
            return
        }
        self.members = []
        self.members.reserveCapacity(given.count)
        // The sort is stable, so the last of several with one key is the one given last.
        for member in given.sorted(by: { $0.precedes($1) }) {
            if let last = self.members.last, last.hasSameKey(as: member) { self.members.removeLast() }
            self.members.append(member)
        }
    }

    private static func isAscending(_ members: [Member]) -> Bool {
        members.indices.dropFirst().allSatisfy { members[$0 - 1].precedes(members[$0]) }
    }

    /// An object of a dictionary's pairs. The dictionary has decided which keys are one, so it is not for keys of clients.
    public init(_ members: [String: JSONValue]) {
        self.init(members.map { ($0.key, $0.value) })
    }

    /// Takes members whose keys ascend strictly already, such as the parser's; checked in debug builds only.
    public init(ascending members: [Member]) {
        assert(Self.isAscending(members), "keys must ascend strictly: \(members.map(\.key))")
        self.members = members
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The values in the order of their keys.
    public var values: [JSONValue] { members.map(\.value) }

    /// The value of `key`; setting nil removes the member. Changes through the subscript happen in place; searching takes
    /// O(log n), adding and removing O(n).
    public subscript(key: String) -> JSONValue? {
        get {
            let (index, found) = position(of: key)
            guard found else { return nil }
            return members[index].value
        }
        set {
            let (index, found) = position(of: key)
            settle(newValue, for: key, at: index, found: found)
        }
        _modify {
            let (index, found) = position(of: key)
            var value: JSONValue?
            if found {
                // Leave nothing behind that would share the value's storage and force a copy.
                value = .null
                swap(&value!, &members[index].value)
            }
            defer { settle(value, for: key, at: index, found: found) }
            yield &value
        }
    }

    /// Removes a member and returns its value, nil when there is none.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        let (index, found) = position(of: key)
        guard found else { return nil }
        return members.remove(at: index).value
    }

    private mutating func settle(_ value: JSONValue?, for key: String, at index: Int, found: Bool) {
        switch (value, found) {
        case (let value?, true): members[index].value = value
        case (let value?, false): members.insert(Member(key: key, value: value), at: index)
        case (nil, true): members.remove(at: index)
        case (nil, false): break
        }
    }

    /// Where the key of `member` is, or where it would have to be inserted, at `start` or behind it.
    public func position(of member: Member, from start: Int) -> (index: Int, found: Bool) {
        position(of: member.key, head: member.head, from: start)
    }

    private func position(of key: String) -> (index: Int, found: Bool) {
        position(of: key, head: key.utf8Head, from: 0)
    }

    private func position(of key: String, head: UInt64, from start: Int) -> (index: Int, found: Bool) {
        let isWhole = key.utf8.count <= 8
        return members.withUnsafeBufferPointer { members in
            var low = start
            var high = members.count
            while low < high {
                let middle = (low &+ high) / 2
                let other = members[middle].head
                if other == head {
                    if isWhole, members[middle].key.utf8.count == key.utf8.count { return (middle, true) }
                    let order = members[middle].key.compareUTF8(to: key)
                    if order == 0 { return (middle, true) }
                    if order < 0 { low = middle &+ 1 } else { high = middle }
                } else if other < head {
                    low = middle &+ 1
                } else {
                    high = middle
                }
            }
            return (low, false)
        }
    }
}
