import Basics
import Glibc

/// The times of a zone: how far they are from UTC, and what they are called.
struct TimeZoneTable: Sendable {
    /// A stretch of time with one distance from UTC.
    struct Period: Sendable {
        /// Seconds east of UTC.
        let offset: Int64

        /// Such as `CEST`.
        let name: String
    }

    /// The instants at which a period begins, in order.
    private let starts: [Int64]

    /// The period that begins at each instant.
    private let periods: [Period]

    /// The period before the first instant.
    private let first: Period

    /// What holds after the last instant.
    private let rule: TimeZoneRule?

    private init(starts: [Int64], periods: [Period], first: Period, rule: TimeZoneRule?) {
        (self.starts, self.periods, self.first, self.rule) = (starts, periods, first, rule)
    }

    /// A zone with one distance from UTC for all time.
    init(offset: Int64, name: String) {
        self.init(starts: [], periods: [], first: Period(offset: offset, name: name), rule: nil)
    }

    /// Coordinated Universal Time.
    static let utc = TimeZoneTable(offset: 0, name: "UTC")

    /// The period at an instant.
    func period(at seconds: Int64) -> Period {
        guard let index = starts.lastIndex(where: { $0 <= seconds }) else { return first }
        return index == starts.count - 1 ? rule?.period(at: seconds) ?? periods[index] : periods[index]
    }

    /// The instant at which clocks of the zone show a time, given as if it were UTC.
    func instant(ofLocal seconds: Int64) -> Int64 {
        var offset = period(at: seconds).offset
        if offset != 0 {
            // The distance may be another one there.
            let other = period(at: seconds - offset).offset
            if other != offset, period(at: seconds - other).offset == other { offset = other }
        }
        return seconds - offset
    }

    /// The zone of a name, out of the system's files; nil if there is none.
    ///
    /// `Local` is UTC: what a template shows must not depend on where the server stands.
    static func named(_ name: String) -> TimeZoneTable? {
        guard !["", "UTC", "Local"].contains(bytesOf: name) else { return utc }
        let parts = name.parts(between: "/")
        let isPlain = parts.allSatisfy {
            !$0.isEmpty && !$0.hasBytePrefix(".") && !$0.utf8.contains(UInt8(ascii: "\\"))
        }
        guard isPlain, name.utf8.count < 100, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return contents(of: "/usr/share/zoneinfo/" + name).flatMap { TimeZoneTable(file: $0) }
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }
}

extension TimeZoneTable {
    /// The numbers that a file begins with: how many of what it holds.
    private struct Header {
        static let length = 44
        let isUTC, isStandard, leaps, times, types, names: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= Self.length, bytes.starts(with: "TZif".utf8) else { return nil }
            let numbers = (0..<6).map { Int(TimeZoneTable.integer(bytes, at: 20 + 4 * $0, length: 4)) }
            guard numbers.allSatisfy({ 0...1 << 16 ~= $0 }) else { return nil }
            (isUTC, isStandard, leaps) = (numbers[0], numbers[1], numbers[2])
            (times, types, names) = (numbers[3], numbers[4], numbers[5])
        }

        /// How long the data are whose times have that many bytes.
        func length(_ width: Int) -> Int {
            times * (width + 1) + types * 6 + names + leaps * (width + 4) + isStandard + isUTC
        }
    }

    /// A big-endian number with a sign.
    private static func integer(_ bytes: ArraySlice<UInt8>, at offset: Int, length: Int) -> Int64 {
        let start = bytes.startIndex + offset
        let value = bytes[start..<start + length].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    /// The zone of a file in the TZif format (RFC 8536) of version 2 or later.
    init?(file: [UInt8]) {
        guard let old = Header(file[...]) else { return nil }
        let rest = file.dropFirst(Header.length + old.length(4))
        guard let header = Header(rest), header.types > 0 else { return nil }
        let data = rest.dropFirst(Header.length)
        guard data.count >= header.length(8) else { return nil }
        let (types, names) = (header.times * 9, header.times * 9 + header.types * 6)
        let all = (0..<header.types).map { index -> Period in
            let start = data.startIndex + types + 6 * index
            let nameStart = data.startIndex + names + Int(data[start + 5])
            let nameBytes = data[min(nameStart, data.endIndex)...].prefix { $0 != 0 }.prefix(20)
            return Period(
                offset: Self.integer(data, at: types + 6 * index, length: 4),
                name: String(decoding: nameBytes, as: UTF8.self))
        }
        let isDaylight = (0..<header.types).map { data[data.startIndex + types + 6 * $0 + 4] != 0 }
        var (starts, periods): ([Int64], [Period]) = ([], [])
        for index in 0..<header.times {
            let type = Int(data[data.startIndex + header.times * 8 + index])
            guard type < all.count else { return nil }
            starts.append(Self.integer(data, at: 8 * index, length: 8))
            periods.append(all[type])
        }
        let footer = data.dropFirst(header.length(8) + 1).prefix { $0 != UInt8(ascii: "\n") }
        self.init(
            starts: starts, periods: periods, first: all[isDaylight.firstIndex(of: false) ?? 0],
            rule: TimeZoneRule(String(decoding: footer, as: UTF8.self)))
    }
}
