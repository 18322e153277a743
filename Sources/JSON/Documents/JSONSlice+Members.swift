import Basics

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
        private var cursor: JSONCursor

        init(slice: JSONSlice) {
            self.slice = slice
            cursor = slice.withUnsafeBytes { JSONCursor(in: $0, opening: UInt8(ascii: "[")) }
        }

        /// The next element.
        public mutating func next() -> JSONSlice? {
            let range = slice.withUnsafeBytes { cursor.nextElement(in: $0) }
            return range.map(slice.part)
        }
    }

    /// The members of an object; a key is a slice too, whose `string` decodes it.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        private let slice: JSONSlice
        private var cursor: JSONCursor

        init(slice: JSONSlice) {
            self.slice = slice
            cursor = slice.withUnsafeBytes { JSONCursor(in: $0, opening: UInt8(ascii: "{")) }
        }

        /// The next member.
        public mutating func next() -> (key: JSONSlice, value: JSONSlice)? {
            let ranges = slice.withUnsafeBytes { cursor.nextMember(in: $0) }
            return ranges.map { (key: slice.part($0.key), value: slice.part($0.value)) }
        }
    }
}
