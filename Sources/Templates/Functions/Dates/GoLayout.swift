import Basics

/// A layout of dates and times as Go writes one: how it would show the afternoon of the second of January 2006.
struct GoLayout {
    /// What a part of a layout stands for.
    enum Element: Equatable {
        case longMonth, month, numericMonth, zeroMonth
        case longWeekday, weekday
        case day, spaceDay, zeroDay, spaceYearDay, zeroYearDay
        case hour, hour12, zeroHour12, minute, zeroMinute, second, zeroSecond
        case longYear, year
        case upperHalf, lowerHalf

        /// A name of a zone.
        case zoneName

        /// A distance from UTC; `Z` for none of it if `usesZ`.
        case offset(usesZ: Bool, hasColons: Bool, parts: Int)

        /// A fraction of a second with its mark and a number of digits, with or without zeros at the end.
        case fraction(mark: UInt8, digits: Int, keepsZeros: Bool)
    }

    /// Text and what stands behind it; nil at the end.
    struct Part {
        let text: [UInt8]
        let element: Element?
        /// How the element is spelled.
        let spelling: String
    }

    let parts: [Part]

    init(_ layout: String) {
        let bytes = Array(layout.utf8)
        var (parts, start, index): ([Part], Int, Int) = ([], 0, 0)
        while index < bytes.count {
            guard let (element, length) = Self.element(in: bytes, at: index) else {
                index += 1
                continue
            }
            let spelling = String(decoding: bytes[index..<index + length], as: UTF8.self)
            parts.append(Part(text: Array(bytes[start..<index]), element: element, spelling: spelling))
            index += length
            start = index
        }
        self.parts = parts + [Part(text: Array(bytes[start...]), element: nil, spelling: "")]
    }

    /// The spellings that begin with something of their own, longer ones first.
    private static let spellings: [(text: String, element: Element)] = [
        ("January", .longMonth), ("Monday", .longWeekday), ("MST", .zoneName),
        ("002", .zeroYearDay), ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute),
        ("05", .zeroSecond), ("06", .year), ("2006", .longYear), ("__2", .spaceYearDay),
        ("_2", .spaceDay), ("15", .hour), ("1", .numericMonth), ("2", .day), ("3", .hour12), ("4", .minute),
        ("5", .second), ("PM", .upperHalf), ("pm", .lowerHalf),
        ("-07:00:00", .offset(usesZ: false, hasColons: true, parts: 3)),
        ("-070000", .offset(usesZ: false, hasColons: false, parts: 3)),
        ("-07:00", .offset(usesZ: false, hasColons: true, parts: 2)),
        ("-0700", .offset(usesZ: false, hasColons: false, parts: 2)),
        ("-07", .offset(usesZ: false, hasColons: false, parts: 1)),
        ("Z07:00:00", .offset(usesZ: true, hasColons: true, parts: 3)),
        ("Z070000", .offset(usesZ: true, hasColons: false, parts: 3)),
        ("Z07:00", .offset(usesZ: true, hasColons: true, parts: 2)),
        ("Z0700", .offset(usesZ: true, hasColons: false, parts: 2)),
        ("Z07", .offset(usesZ: true, hasColons: false, parts: 1)),
    ]

    private static func element(in bytes: [UInt8], at index: Int) -> (Element, Int)? {
        let rest = bytes[index...]
        if let fraction = fraction(in: bytes, at: index) { return fraction }
        if rest.starts(with: "_2006".utf8) { return nil }
        for (text, element) in spellings where rest.starts(with: text.utf8) { return (element, text.utf8.count) }
        // Short names must not begin a longer word.
        for (text, element) in [("Jan", Element.month), ("Mon", .weekday)] where rest.starts(with: text.utf8) {
            let next = index + 3 < bytes.count ? bytes[index + 3] : 0
            if !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= next) { return (element, 3) }
        }
        return nil
    }

    /// A point or comma with zeros or nines behind it, but for other digits.
    private static func fraction(in bytes: [UInt8], at index: Int) -> (Element, Int)? {
        guard bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","), index + 1 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "0") || bytes[index + 1] == UInt8(ascii: "9")
        else { return nil }
        let digit = bytes[index + 1]
        let end = bytes[(index + 1)...].firstIndex { $0 != digit } ?? bytes.count
        if end < bytes.count, bytes[end].isASCIIDigit { return nil }
        let count = end - index - 1
        let element = Element.fraction(mark: bytes[index], digits: count, keepsZeros: digit == UInt8(ascii: "0"))
        return (element, count + 1)
    }
}
