import Basics

/// Names of members that are looked for together, in one walk along each object instead of one for each name.
public struct JSONMemberNames: Sendable {
    /// How many names there are.
    public let count: Int
    /// The names that are written as they are, in the order of their bytes as members are, and where their values go.
    fileprivate let plain: [(name: [UInt8], place: Int)]
    /// The others.
    fileprivate let escaped: [(name: String, place: Int)]

    /// Names, which may occur more than once.
    public init(_ names: [String]) {
        let places = names.enumerated().map { (name: $0.element, place: $0.offset) }
        func isPlain(_ name: String) -> Bool {
            var written: [UInt8] = []
            name.writeJSON(into: &written)
            return written.count == name.utf8.count + 2
        }
        count = names.count
        escaped = places.filter { !isPlain($0.name) }
        plain = places.filter { isPlain($0.name) }.map { (Array($0.name.utf8), $0.place) }
            .sorted { $0.name.compareBytes(to: $1.name) < 0 }
    }
}

extension JSONSlice {
    /// The members of those names, in the order of the names; nil where there is none. None for anything but an object.
    public func members(_ names: JSONMemberNames) -> [JSONSlice?] {
        var found = [JSONSlice?](repeating: nil, count: names.count)
        for (name, place) in names.escaped { found[place] = member(name) }
        withUnsafeBytes { text in
            var next = 0
            JSONScan.forEachMember(of: text) { key, value in
                while next < names.plain.count {
                    let order = names.plain[next].name.withUnsafeBytes { $0.compareBytes(to: key) }
                    // The order of keys is that of their characters, not of the escapes for some of them.
                    if order > 0 || order < 0 && key.contains(UInt8(ascii: "\\")) { break }
                    if order == 0 {
                        let start = value.baseAddress! - text.baseAddress!
                        found[names.plain[next].place] = part(start..<start + value.count)
                    }
                    next += 1
                }
                return next < names.plain.count
            }
        }
        return found
    }
}
