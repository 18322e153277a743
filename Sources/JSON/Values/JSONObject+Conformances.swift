extension JSONObject: Sequence {
    /// Walks the members in the order of their keys.
    public struct Iterator: IteratorProtocol, Sendable {
        var base: IndexingIterator<[Member]>

        /// The next member.
        public mutating func next() -> (key: String, value: JSONValue)? {
            base.next().map { (key: $0.key, value: $0.value) }
        }
    }

    /// An iterator over the members in the order of their keys.
    public func makeIterator() -> Iterator { Iterator(base: members.makeIterator()) }

    /// The exact number of members.
    public var underestimatedCount: Int { count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of these members in any order; of several with one key the last stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
