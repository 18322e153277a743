import NIOCore

/// Picks the numbers of commits out of a stream of WebSocket frames from the server (RFC 6455 §5.2), and skips the rest.
///
/// A client library that unmasks, copies and parses a million frames a second would be what is measured.
struct EventFrames {
    /// The name of the object whose commit has the number 42: `w-000000042`.
    static func name(_ prefix: String, _ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: digitCount - digits.count) + digits
    }

    private static let digitCount = 9
    /// What events begin with that are counted.
    private let head: [UInt8]
    /// How much of a text is looked at.
    private let headCount: Int
    /// Bytes of the present frame that need not be looked at.
    private var skipped = 0
    private var rest = ByteBuffer()
    /// Texts that were not events of the load: the server's answers to commands.
    private(set) var otherCount = 0

    /// Frames of creations of objects whose names are `prefix` and a number.
    init(prefix: String) {
        head = Array("{\"Action\":\"create\",\"Key\":\"\(prefix)".utf8)
        headCount = head.count + Self.digitCount
    }

    /// The numbers in what has come.
    mutating func numbers(in part: inout ByteBuffer) -> [Int] {
        if rest.readableBytes > 0 {
            rest.writeBuffer(&part)
            swap(&rest, &part)
            rest.clear()
        }
        var numbers: [Int] = []
        part.withUnsafeReadableBytes { bytes in numbers = take(bytes) }
        return numbers
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) -> [Int] {
        var numbers: [Int] = []
        var place = 0
        while place < bytes.count {
            if skipped > 0 {
                let step = min(skipped, bytes.count - place)
                (place, skipped) = (place + step, skipped - step)
                continue
            }
            let left = bytes.count - place
            guard left >= 2 else { break }
            let length = Int(bytes[place + 1])
            let lead = length < 126 ? 2 : length == 126 ? 4 : 10
            guard left >= lead else { break }
            var size = length < 126 ? length : 0
            for index in 2..<lead { size = size << 8 | Int(bytes[place + index]) }
            let isText = bytes[place] & 0x0f == 1
            let looked = isText ? min(size, headCount) : 0
            guard left >= lead + looked else { break }
            if isText {
                let text = UnsafeRawBufferPointer(rebasing: bytes[(place + lead)..<(place + lead + looked)])
                if let number = number(text) { numbers.append(number) } else { otherCount += 1 }
            }
            place += lead + looked
            skipped = size - looked
        }
        if place < bytes.count { rest.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[place...])) }
        return numbers
    }

    private func number(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count == headCount, text.starts(with: head) else { return nil }
        return text[head.count...].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
}
