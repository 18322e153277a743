import Basics
import JSON

/// A range of bytes that a client asks for (RFC 9110 §14.1.2).
enum ByteRange: Equatable {
    /// All bytes: none is asked for, or it is in a form that need not be understood, as that of several ranges.
    case all
    /// These bytes.
    case part(Range<Int>)
    /// Bytes that there are not.
    case unsatisfiable

    /// What the field `Range` asks for.
    ///
    /// - Parameter size: of what it is asked of, in bytes.
    init(_ field: String?, of size: Int) {
        guard let field, let rest = field.after("bytes=") else {
            self = .all
            return
        }
        let ends = rest.parts(between: "-", maxSplits: 1)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else {
            self = .all
            return
        }
        switch (first, last) {
        case (nil, nil): self = .all
        case (nil, .some(let length)):
            self = length > 0 && size > 0 ? .part(size - min(length, size)..<size) : .unsatisfiable
        case (.some(let first), let last):
            if let last, last < first {
                self = .all
            } else if first >= size {
                self = .unsatisfiable
            } else {
                self = .part(first..<min(last ?? size - 1, size - 1) + 1)
            }
        }
    }

    /// A number; nil inside for none, nil for what is none.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        // Beyond all files is beyond all files.
        return .some(Int(text) ?? .max)
    }
}
