import Basics

extension JSONObject {
    /// A key and its value.
    public struct Member: Sendable {
        /// The first bytes of the key, which tell most keys apart: comparing numbers is a fraction of comparing texts.
        let head: UInt64
        /// The key.
        public let key: String
        /// The value.
        public var value: JSONValue

        /// A member.
        public init(key: String, value: JSONValue) {
            head = key.utf8Head
            self.key = key
            self.value = value
        }

        /// The same key with another value.
        public func with(_ value: JSONValue) -> Member {
            var member = self
            member.value = value
            return member
        }

        /// Whether the key sorts before that of `other`, byte by byte.
        public func precedes(_ other: Member) -> Bool {
            head == other.head ? key.precedesInUTF8(other.key) : head < other.head
        }

        /// Whether the keys are the same bytes.
        public func hasSameKey(as other: Member) -> Bool { head == other.head && key.hasSameUTF8(as: other.key) }
    }
}

extension JSONObject.Member: Hashable {
    /// Whether keys and values are equal.
    public static func == (left: Self, right: Self) -> Bool {
        left.hasSameKey(as: right) && left.value == right.value
    }

    /// Feeds key and value.
    public func hash(into hasher: inout Hasher) {
        key.hashUTF8(into: &hasher)
        hasher.combine(value)
    }
}
