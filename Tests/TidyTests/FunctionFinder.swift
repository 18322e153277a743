/// A function, initializer or subscript, and how long it is.
struct FunctionLength: Equatable {
    /// Its name, `init`, `subscript`, or a test's sentence.
    let name: String
    /// The number of its first line, from one.
    let line: Int
    /// The lines from its first to the one of its closing brace.
    let count: Int
}

extension SourceFile {
    /// The functions of the file that have a body, in order; those inside of others as well.
    var functions: [FunctionLength] {
        let masked = MaskedSource(text).bytes
        var (found, line, position): ([FunctionLength], Int, Int) = ([], 1, 0)
        while position < masked.count {
            if masked[position] == UInt8(ascii: "\n") { line += 1 }
            if let start = Self.declaration(at: position, in: masked), let body = Self.body(from: start, in: masked) {
                let newlines = masked[position...body.upperBound].count { $0 == UInt8(ascii: "\n") }
                found.append(FunctionLength(name: name(at: position), line: line, count: newlines + 1))
            }
            position += 1
        }
        return found
    }

    private static let words = ["func ", "init(", "init<", "init?(", "subscript(", "subscript<", "deinit "].map {
        Array($0.utf8)
    }

    /// Where the rest of a declaration begins whose word stands at `position`; nil if none does.
    private static func declaration(at position: Int, in masked: [UInt8]) -> Int? {
        if position > 0, isWord(masked[position - 1]) || masked[position - 1] == UInt8(ascii: ".") { return nil }
        for word in words where masked[position...].starts(with: word) { return position + word.count - 1 }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "`"):
            true
        default: false
        }
    }

    /// The braces of the body that follows `start`; nil for a requirement of a protocol, which has none.
    private static func body(from start: Int, in masked: [UInt8]) -> ClosedRange<Int>? {
        var (position, depth) = (start, 0)
        while position < masked.count {
            switch masked[position] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return end(of: position, in: masked).map { position...$0 }
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "\n") where depth == 0 && !goesOn(after: position, in: masked): return nil
            case UInt8(ascii: "=") where depth <= 0, UInt8(ascii: ":") where depth < 0: return nil
            default: break
            }
            if depth < 0 { return nil }
            position += 1
        }
        return nil
    }

    /// Whether a declaration goes on in the line after `position`.
    private static func goesOn(after position: Int, in masked: [UInt8]) -> Bool {
        let rest = masked[(position + 1)...].drop { $0 == UInt8(ascii: " ") }
        return ["{", "->", "where ", "async ", "throws", "rethrows", ")"].contains { rest.starts(with: Array($0.utf8)) }
            || masked[..<position].last { $0 != UInt8(ascii: " ") } == UInt8(ascii: ",")
    }

    private static func end(of start: Int, in masked: [UInt8]) -> Int? {
        var depth = 0
        for position in start..<masked.count {
            if masked[position] == UInt8(ascii: "{") { depth += 1 }
            if masked[position] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }

    /// The name of the declaration whose word stands at `position`.
    private func name(at position: Int) -> String {
        let bytes = Array(text.utf8)[position...]
        guard bytes.starts(with: Array("func ".utf8)) else {
            return String(decoding: bytes.prefix { Self.isWord($0) }, as: UTF8.self)
        }
        let rest = bytes.dropFirst(5)
        let isQuoted = rest.first == UInt8(ascii: "`")
        let name =
            isQuoted
            ? rest.dropFirst().prefix { $0 != UInt8(ascii: "`") }
            : rest.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: " ") }
        return String(decoding: name, as: UTF8.self)
    }
}
