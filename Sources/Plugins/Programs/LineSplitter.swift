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
    var rest: String { Self.printable(pending) }

    private mutating func take() -> String {
        defer { pending.removeAll(keepingCapacity: true) }
        return Self.printable(pending)
    }

    /// Bytes as text for the log, without white space at the end. What is no UTF-8, and what moves a terminal's cursor, is
    /// replaced.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        let shown = bytes.map {
            $0 < UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") || $0 == 0x7F ? UInt8(ascii: " ") : $0
        }
        let length = shown.lastIndex { $0 > UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: shown[..<length], as: UTF8.self)
    }
}
