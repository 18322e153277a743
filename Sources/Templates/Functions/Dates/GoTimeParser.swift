import Basics

/// Reads times as a layout tells, with the faults that Go finds.
struct GoTimeParser {
    private let layout: String
    private let text: String
    private var rest: ArraySlice<UInt8>

    private var year: Int64 = 0
    private var month: Int64?
    private var day: Int64?
    private var yearDay: Int64?
    private var hour: Int64 = 0
    private var minute: Int64 = 0
    private var second: Int64 = 0
    private var nanosecond: Int32 = 0
    /// Whether it is after noon; nil if that is not told.
    private var isAfternoon: Bool?
    private var offset: Int64?
    private var zoneName = ""

    /// An element that is not where it should be.
    private struct Bad: Error {
        /// What is out of range; nil for what cannot be read at all.
        var range: String?
    }

    init(layout: String, text: String) {
        self.layout = layout
        self.text = text
        rest = Array(text.utf8)[...]
    }

    /// The time; without a zone in the text, in UTC.
    mutating func parse() throws(TemplateFailure) -> GoTime {
        let parts = GoLayout(layout).parts
        for (index, part) in parts.enumerated() {
            guard skip(part.text) else { throw unreadable(as: String(decoding: part.text, as: UTF8.self)) }
            guard let element = part.element else { break }
            var next: GoLayout.Element?
            if index + 1 < parts.count { next = parts[index + 1].element }
            do throws(Bad) {
                try read(element, before: next)
            } catch {
                guard let range = error.range else { throw unreadable(as: part.spelling) }
                throw fault("\(range) out of range")
            }
        }
        guard rest.isEmpty else { throw fault("extra text: \(quoted(rest))") }
        return try time()
    }

    // MARK: Faults

    private func quoted(_ bytes: some Collection<UInt8>) -> String {
        GoLiteral.quoted(String(decoding: bytes, as: UTF8.self))
    }

    private func fault(_ message: String) -> TemplateFailure {
        TemplateFailure("parsing time \(quoted(text.utf8)): \(message)")
    }

    private func unreadable(as spelling: String) -> TemplateFailure {
        TemplateFailure(
            "parsing time \(quoted(text.utf8)) as \(quoted(layout.utf8)): cannot parse \(quoted(rest)) as "
                + quoted(spelling.utf8))
    }

    // MARK: Reading

    /// Takes a text off the front; spaces in it stand for any number of spaces.
    private mutating func skip(_ prefix: [UInt8]) -> Bool {
        var prefix = prefix[...]
        let space = UInt8(ascii: " ")
        while let first = prefix.first {
            if first == space {
                if let next = rest.first, next != space { return false }
                prefix = prefix.drop { $0 == space }
                rest = rest.drop { $0 == space }
                continue
            }
            guard rest.first == first else { return false }
            prefix.removeFirst()
            rest.removeFirst()
        }
        return true
    }

    /// One or two digits, or exactly two.
    private mutating func number(isFixed: Bool) throws(Bad) -> Int64 {
        let digits = rest.prefix(2).prefix(while: \.isASCIIDigit)
        guard !digits.isEmpty, digits.count == 2 || !isFixed else { throw Bad() }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    private mutating func number(_ range: ClosedRange<Int64>, _ name: String, isFixed: Bool) throws(Bad) -> Int64 {
        let value = try number(isFixed: isFixed)
        guard range ~= value else { throw Bad(range: name) }
        return value
    }

    /// A number of that many digits. If they are none, what stands there is taken nevertheless.
    private mutating func taken(_ count: Int) throws(Bad) -> Int64 {
        guard rest.count >= count else { throw Bad() }
        let digits = rest.prefix(count)
        rest = rest.dropFirst(count)
        guard digits.allSatisfy(\.isASCIIDigit) else { throw Bad() }
        return Int64(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    private mutating func digits(_ count: Int) throws(Bad) -> Int64 {
        guard rest.count >= count, rest.prefix(count).allSatisfy(\.isASCIIDigit) else { throw Bad() }
        defer { rest = rest.dropFirst(count) }
        return Int64(String(decoding: rest.prefix(count), as: UTF8.self)) ?? 0
    }

    /// The index of the name that comes next, in any case.
    private mutating func name(of names: [String]) throws(Bad) -> Int64 {
        for (index, name) in names.enumerated() {
            let count = name.utf8.count
            guard zip(rest.prefix(count), name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }), rest.count >= count else {
                continue
            }
            rest = rest.dropFirst(count)
            return Int64(index)
        }
        throw Bad()
    }

    private mutating func read(_ element: GoLayout.Element, before next: GoLayout.Element?) throws(Bad) {
        switch element {
        case .year:
            let number = try digits(2)
            year = number >= 69 ? 1900 + number : 2000 + number
        case .longYear:
            guard rest.first?.isASCIIDigit == true else { throw Bad() }
            year = try taken(4)
        case .month: month = try name(of: GoTime.longMonths.map { String($0.prefix(3)) }) + 1
        case .longMonth: month = try name(of: GoTime.longMonths) + 1
        case .numericMonth, .zeroMonth: month = try number(1...12, "month", isFixed: element == .zeroMonth)
        case .weekday: _ = try name(of: GoTime.longWeekdays.map { String($0.prefix(3)) })
        case .longWeekday: _ = try name(of: GoTime.longWeekdays)
        case .day, .zeroDay: day = try number(isFixed: element == .zeroDay)
        case .spaceDay:
            if rest.first == UInt8(ascii: " ") { rest.removeFirst() }
            day = try number(isFixed: false)
        case .spaceYearDay, .zeroYearDay: try readYearDay(isFixed: element == .zeroYearDay)
        case .hour: hour = try number(0...23, "hour", isFixed: false)
        case .hour12, .zeroHour12: hour = try number(0...12, "hour", isFixed: element == .zeroHour12)
        case .minute, .zeroMinute: minute = try number(0...59, "minute", isFixed: element == .zeroMinute)
        case .second, .zeroSecond:
            second = try number(0...59, "second", isFixed: element == .zeroSecond)
            if case .fraction? = next { return }
            readFraction()
        case .upperHalf, .lowerHalf: try readHalf(isUpper: element == .upperHalf)
        case .zoneName: try readZone()
        case .offset(let usesZ, let hasColons, let parts): try readOffset(usesZ, hasColons, parts)
        case .fraction(_, let digits, let keepsZeros):
            guard keepsZeros else { return readFraction() }
            try readNanoseconds(digits)
        }
    }

    private mutating func readYearDay(isFixed: Bool) throws(Bad) {
        if !isFixed { rest = rest.drop { $0 == UInt8(ascii: " ") } }
        let count = rest.prefix(3).prefix(while: \.isASCIIDigit).count
        guard count > 0, count == 3 || !isFixed else { throw Bad() }
        yearDay = try digits(count)
    }

    /// Takes a fraction if there is one.
    private mutating func readFraction() {
        guard let mark = rest.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","),
            rest.dropFirst().first?.isASCIIDigit == true
        else { return }
        let digits = rest.dropFirst().prefix(while: \.isASCIIDigit)
        rest = rest.dropFirst(1 + digits.count)
        nanosecond = Self.nanoseconds(digits.prefix(9))
    }

    /// A mark and exactly that many digits.
    private mutating func readNanoseconds(_ count: Int) throws(Bad) {
        guard let mark = rest.first, rest.count > count else { throw Bad() }
        let digits = rest.dropFirst().prefix(count)
        rest = rest.dropFirst(count + 1)
        guard mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","), digits.allSatisfy(\.isASCIIDigit) else {
            throw Bad()
        }
        nanosecond = Self.nanoseconds(digits.prefix(9))
    }

    private static func nanoseconds(_ digits: ArraySlice<UInt8>) -> Int32 {
        let value = digits.reduce(Int32(0)) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
        return (digits.count..<9).reduce(value) { value, _ in value * 10 }
    }

    private mutating func readHalf(isUpper: Bool) throws(Bad) {
        let half = Array(rest.prefix(2))
        guard half.count == 2 else { throw Bad() }
        rest = rest.dropFirst(2)
        if half.elementsEqual((isUpper ? "PM" : "pm").utf8) {
            isAfternoon = true
        } else if half.elementsEqual((isUpper ? "AM" : "am").utf8) {
            isAfternoon = false
        } else {
            throw Bad()
        }
    }

    private mutating func readOffset(_ usesZ: Bool, _ hasColons: Bool, _ parts: Int) throws(Bad) {
        if usesZ, rest.first == UInt8(ascii: "Z") {
            rest.removeFirst()
            (offset, zoneName) = (0, "UTC")
            return
        }
        let all = Array(rest.prefix(1 + 2 * parts + (hasColons ? parts - 1 : 0)))
        let width = hasColons ? 3 : 2
        guard all.count == 1 + width * parts - (hasColons ? 1 : 0) else { throw Bad() }
        guard !hasColons || (1..<parts).allSatisfy({ all[3 * $0] == UInt8(ascii: ":") }) else { throw Bad() }
        rest = rest.dropFirst(all.count)
        var seconds: Int64 = 0
        for part in 0..<3 {
            let digits = all.dropFirst(1 + width * part).prefix(2)
            guard part >= parts || digits.allSatisfy(\.isASCIIDigit) else { throw Bad() }
            seconds = seconds * 60 + (part < parts ? Int64(String(decoding: digits, as: UTF8.self)) ?? 0 : 0)
        }
        guard all[0] == UInt8(ascii: "+") || all[0] == UInt8(ascii: "-") else { throw Bad() }
        offset = all[0] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// Takes what looks like the name of a zone: three to five capitals, `GMT` with an hour, or an hour alone.
    private mutating func readZone() throws(Bad) {
        let capitals = rest.prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        var count = capitals.count
        switch count {
        case _ where rest.starts(with: "UTC".utf8): count = 3
        case _ where rest.starts(with: "GMT".utf8): count = 3 + Self.signedHours(rest.dropFirst(3))
        case 0 where Self.signedHours(rest) > 0: count = Self.signedHours(rest)
        case 3: break
        case 4 where capitals.last == UInt8(ascii: "T") || capitals.elementsEqual("WITA".utf8): break
        case 5 where capitals.last == UInt8(ascii: "T"): break
        default: throw Bad()
        }
        zoneName = String(decoding: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
        if zoneName.hasSameUTF8(as: "UTC") { offset = 0 }
    }

    private static func signedHours(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return 0 }
        let digits = bytes.dropFirst().prefix(while: \.isASCIIDigit)
        guard let hours = Int(String(decoding: digits, as: UTF8.self)), hours <= 23 else { return 0 }
        return 1 + digits.count
    }

    // MARK: The time

    private mutating func time() throws(TemplateFailure) -> GoTime {
        if isAfternoon == true, hour < 12 { hour += 12 }
        if isAfternoon == false, hour == 12 { hour = 0 }
        try settleYearDay()
        let date = CivilDate(year: year, month: month ?? 1, day: day ?? 1)
        guard date.isValid else { throw fault("day out of range") }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second
        var zone = TimeZoneTable.utc
        if let offset, offset != 0 || !["", "UTC"].contains(bytesOf: zoneName) {
            zone = TimeZoneTable(offset: offset, name: zoneName)
        } else if offset == nil, !zoneName.isEmpty {
            // Where the zone is unknown, Go takes the time for one in UTC, even where the name tells the distance.
            let hours = zoneName.after("GMT").flatMap { Int64($0) } ?? 0
            zone = TimeZoneTable(offset: hours * 3600, name: zoneName)
        }
        return GoTime(time: Timestamp(seconds: seconds - (offset ?? 0), nanoseconds: nanosecond), zone: zone)
    }

    /// Makes month and day of the day of the year, if that is given.
    private mutating func settleYearDay() throws(TemplateFailure) {
        guard let yearDay else { return }
        let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
        let date = CivilDate(daysSinceEpoch: first + yearDay - 1)
        guard yearDay >= 1, date.year == year else { throw fault("day-of-year out of range") }
        guard month ?? date.month == date.month else { throw fault("day-of-year does not match month") }
        guard day ?? date.day == date.day else { throw fault("day-of-year does not match day") }
        (month, day) = (date.month, date.day)
    }
}
