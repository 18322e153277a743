import Basics
public import JSON

/// The terms under which an index of leaves has an object: one for each text, number, flag and null in a member of a map, however
/// deep, with the member's name before it. Whoever looks for an object by a part of a member finds those that have the part
/// anywhere in the member, and has to look whether it is the one that is meant.
///
/// Long values are cut off, and of a member with many leaves only the first are kept, beside a term that says so: an index is no
/// copy of what it indexes.
public enum LeafTerms {
    /// So many bytes of a value count.
    private static let longestValue = 64
    /// So many leaves of a member are kept.
    private static let mostLeaves = 64

    /// The terms of all objects in whose member `name` there may be the leaf `value`; no texts for what is no leaf.
    public static func texts(of name: String, holding value: JSONValue) -> [String] {
        switch value {
        case .array, .object: []
        default: [text(name, 0, JSONDocument(value)), text(name, 1, nil)]
        }
    }

    private static func text(_ name: String, _ separator: UInt8, _ value: JSONDocument?) -> String {
        JSONDocument(.string(name)).withUnsafeBytes { name in
            let key = name.part(1..<name.count - 1)
            guard let value else { return String(decoding: Array(key) + [separator], as: UTF8.self) }
            return value.withUnsafeBytes { String(decoding: term(key, separator, $0), as: UTF8.self) }
        }
    }

    /// Calls `emit` with the terms of a map.
    static func forEach(of map: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) -> Void) {
        JSONScan.forEachMember(of: map) { key, value in
            forEachLeaf(of: value) { leaf in
                term(key, leaf == nil ? 1 : 0, leaf ?? UnsafeRawBufferPointer(start: nil, count: 0)).withUnsafeBytes(
                    emit)
            }
            return true
        }
    }

    /// Calls `body` with the first leaves of a canonical text, and with nil if there are more.
    private static func forEachLeaf(of text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Void) {
        var (offset, count) = (0, 0)
        while offset < text.count {
            if "{}[],".utf8.contains(text[offset]) {
                offset += 1
                continue
            }
            let end = JSONScan.endOfValue(in: text, at: offset)
            // A text before a colon is the name of a member.
            if end < text.count, text[end] == UInt8(ascii: ":") {
                offset = end + 1
                continue
            }
            guard count < mostLeaves else { return body(nil) }
            count += 1
            body(text.part(offset..<end))
            offset = end
        }
    }

    private static func term(
        _ key: UnsafeRawBufferPointer, _ separator: UInt8, _ value: UnsafeRawBufferPointer
    ) -> [UInt8] {
        var end = min(value.count, longestValue)
        // Not within a character.
        while end < value.count, end > 0, value[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(key) + [separator] + value.prefix(end)
    }
}
