extension JSONSlice {
    /// The member of that name; nil when there is none or this is no object.
    public func member(_ name: String) -> JSONSlice? {
        withUnsafeBytes { JSONScan.memberRange(name, in: $0, at: 0) }.map(part)
    }

    /// The value that `path` leads to through nested objects; an empty path leads back here.
    public func member(at path: [String]) -> JSONSlice? {
        withUnsafeBytes { JSONScan.memberRange(at: path, in: $0) }.map(part)
    }

    /// The elements of an array, found one by one; none for anything else.
    public var elements: Elements { Elements(slice: self) }

    /// The members of an object in the order of their keys, found one by one; none for anything else.
    public var members: Members { Members(slice: self) }

    /// Calls `body` for each member of an object, in the order of keys.
    public func forEachMember<Failure: Error>(
        _ body: (_ key: String, _ value: JSONSlice) throws(Failure) -> Void
    ) throws(Failure) {
        for member in members { try body(member.key.string ?? "", member.value) }
    }

    /// The elements of an array.
    public struct Elements: Sequence, IteratorProtocol, Sendable {
        private let slice: JSONSlice
        /// Behind the opening bracket or a comma.
        private var offset: Int

        init(slice: JSONSlice) {
            self.slice = slice
            offset = slice.kind == .array ? 1 : slice.rawBytes.count
        }

        /// The next element.
        public mutating func next() -> JSONSlice? {
            let start = offset
            // The last byte is the closing bracket.
            guard start < slice.rawBytes.count - 1 else { return nil }
            let end = slice.withUnsafeBytes { JSONScan.endOfValue(in: $0, at: start) }
            offset = end + 1
            return slice.part(start..<end)
        }
    }

    /// The members of an object; a key is a slice too, whose `string` decodes it.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        private let slice: JSONSlice
        /// Behind the opening brace or a comma.
        private var offset: Int

        init(slice: JSONSlice) {
            self.slice = slice
            offset = slice.kind == .object ? 1 : slice.rawBytes.count
        }

        /// The next member.
        public mutating func next() -> (key: JSONSlice, value: JSONSlice)? {
            let start = offset
            // The last byte is the closing brace.
            guard start < slice.rawBytes.count - 1 else { return nil }
            let (colon, end) = slice.withUnsafeBytes { text in
                let colon = JSONScan.endOfString(in: text, from: start + 1)
                return (colon, JSONScan.endOfValue(in: text, at: colon + 1))
            }
            offset = end + 1
            return (key: slice.part(start..<colon), value: slice.part(colon + 1..<end))
        }
    }
}
