import Basics

/// Makes lines of what a program writes, in whatever pieces it comes.
struct LineSplitter {
    /// The longest line, in bytes; what is longer is cut into several.
    static let longest = 16 << 10

    private var pending: [UInt8] = []

    /// The lines that are whole with these bytes, without their ends; empty ones are left out.
    mutating func add(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") { pending.append(byte) }
            if byte == UInt8(ascii: "\n") || pending.count >= Self.longest {
                let line = take()
                if !line.isEmpty { lines.append(line) }
            }
        }
        return lines
    }

    /// What has no end of line yet.
    var rest: String { Self.text(of: pending) }

    private mutating func take() -> String {
        defer { pending.removeAll(keepingCapacity: true) }
        return Self.text(of: pending)
    }

    /// The bytes as text, without white space at the end; what is no UTF-8 is replaced.
    private static func text(of bytes: [UInt8]) -> String {
        let length = bytes.lastIndex { $0 > UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<length], as: UTF8.self)
    }
}
