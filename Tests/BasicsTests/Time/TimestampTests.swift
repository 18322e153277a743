import StoreTesting
import Testing

@testable import Basics

struct TimestampTests {
    private static let instants: [(String, Int64, Int32)] = [
        ("1970-01-01T00:00:00Z", 0, 0), ("1969-12-31T23:59:59Z", -1, 0),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
        ("0000-01-01T00:00:00Z", -62_167_219_200, 0), ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ("2000-02-29T12:00:00Z", 951_825_600, 0), ("2000-03-01T00:00:00Z", 951_868_800, 0),
        ("1900-03-01T00:00:00Z", -2_203_891_200, 0),
        ("2006-01-02T15:04:05Z", 1_136_214_245, 0), ("2038-01-19T03:14:08Z", 2_147_483_648, 0),
        ("2024-02-29T23:59:59.999999999Z", 1_709_251_199, 999_999_999), ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
        ("2006-01-02T15:04:05.000000001Z", 1_136_214_245, 1),
        ("2006-01-02T15:04:05.12Z", 1_136_214_245, 120_000_000),
    ]

    @Test(arguments: instants)
    func `times parse and are written alike`(text: String, seconds: Int64, nanoseconds: Int32) {
        let time = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
        #expect(Timestamp(rfc3339: text) == time)
        #expect(time.description == text)
    }

    @Test(arguments: [
        ("2006-01-02T15:04:05+07:00", "2006-01-02T08:04:05Z"), ("2006-01-02T15:04:05-07:30", "2006-01-02T22:34:05Z"),
        ("2006-01-02T15:04:05+00:00", "2006-01-02T15:04:05Z"), ("2005-12-31T23:30:00-01:00", "2006-01-01T00:30:00Z"),
        ("2006-01-02T15:04:05.100Z", "2006-01-02T15:04:05.1Z"), ("2006-01-02T15:04:05.0Z", "2006-01-02T15:04:05Z"),
        ("2006-01-02T15:04:05.1234567899Z", "2006-01-02T15:04:05.123456789Z"),
        ("2006-01-02T15:04:05.5-23:59", "2006-01-03T15:03:05.5Z"),
        ("0000-01-01T00:00:00+01:00", "-0001-12-31T23:00:00Z"),
    ])
    func `offsets are converted and needless digits dropped`(text: String, canonical: String) {
        #expect(Timestamp(rfc3339: text)?.description == canonical)
    }

    @Test(arguments: [
        "", "fred", "2006-01-02", "2006-01-02T15:04Z", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z",
        "2006-01-02t15:04:05z",
        "2006-1-02T15:04:05Z", "06-01-02T15:04:05Z", "12006-01-02T15:04:05Z", "-2006-01-02T15:04:05Z",
        "2006-00-02T15:04:05Z",
        "2006-13-02T15:04:05Z", "2006-01-00T15:04:05Z", "2006-01-32T15:04:05Z", "2006-02-29T15:04:05Z",
        "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2006-04-31T00:00:00Z", "2006-01-02T24:00:00Z", "2006-01-02T15:60:00Z",
        "2006-01-02T15:04:60Z",
        "2006-01-02T15:04:05.Z", "2006-01-02T15:04:05,5Z", "2006-01-02T15:04:05+7:00", "2006-01-02T15:04:05+0700",
        "2006-01-02T15:04:05+24:00", "2006-01-02T15:04:05+07:60", "2006-01-02T15:04:05Z ", "2006-01-02T15:04:05ZZ",
        "2006-01-02T15:04:0５Z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `every day of four centuries follows the one before`() {
        var (year, month, day): (Int64, Int64, Int64) = (1799, 12, 31)
        let start = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        for offset in 0..<146_097 * 1 + 800 as Range<Int64> {
            let date = CivilDate(year: year, month: month, day: day)
            guard CivilDate(daysSinceEpoch: start + offset) == date, date.daysSinceEpoch == start + offset, date.isValid
            else {
                Issue.record("\(year)-\(month)-\(day) is not day \(start + offset)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length: Int64 = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month - 1)]
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test func `the calendar repeats every 400 years`() {
        for (year, month, day) in [(2000, 2, 29), (1970, 1, 1), (2023, 12, 31), (2024, 3, 1)] as [(Int64, Int64, Int64)]
        {
            let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
            for era in -30...30 as ClosedRange<Int64> {
                #expect(
                    CivilDate(daysSinceEpoch: days + era * 146_097)
                        == CivilDate(year: year + era * 400, month: month, day: day))
            }
        }
    }

    @Test func `zero is the first instant of the year one`() {
        #expect(Timestamp.zero.description == "0001-01-01T00:00:00Z")
    }

    @Test func `now is later than when this was written and does not run back far`() {
        let first = Timestamp.now
        #expect(first > Timestamp(rfc3339: "2024-01-01T00:00:00Z")!)
        #expect(Timestamp.now - first >= .seconds(-1))
    }

    private static let sums: [(String, Duration, String)] = [
        ("1970-01-01T00:00:00Z", .nanoseconds(-1), "1969-12-31T23:59:59.999999999Z"),
        ("1970-01-01T00:00:00.9Z", .milliseconds(100), "1970-01-01T00:00:01Z"),
        ("1970-01-01T00:00:00.1Z", .milliseconds(-101), "1969-12-31T23:59:59.999Z"),
        ("2024-02-28T12:00:00Z", .seconds(86_400), "2024-02-29T12:00:00Z"),
        ("2024-02-28T12:00:00Z", .milliseconds(-1500), "2024-02-28T11:59:58.5Z"),
        ("2024-02-28T12:00:00.999999999Z", .nanoseconds(999_999_999), "2024-02-28T12:00:01.999999998Z"),
    ]

    @Test(arguments: sums)
    func `durations are added and found again`(text: String, duration: Duration, expected: String) {
        let time = Timestamp(rfc3339: text)!
        #expect((time + duration).description == expected)
        #expect(Timestamp(rfc3339: expected)! - time == duration)
    }

    @Test func `times are ordered`() {
        let texts = [
            "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.1Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000001Z",
        ]
        let times = texts.map { Timestamp(rfc3339: $0)! }
        #expect(times.reversed().sorted() == times)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `every time survives its own text`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let time = Timestamp(
                seconds: .random(in: -62_167_219_200...253_402_300_799, using: &random),
                nanoseconds: .random(in: 0...999_999_999, using: &random))
            #expect(Timestamp(rfc3339: time.description) == time, "\(time), seed \(seed)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a damaged time is refused or still a time`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1500 {
            var text = Array("2006-01-02T15:04:05.999-07:00".unicodeScalars)
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.remove(at: index)
                case 1: text.insert(["0", "9", ":", "Z", "é"].randomElement(using: &random)!, at: index)
                default: text[index] = ["0", "1", "3", "9", "+", "T"].randomElement(using: &random)!
                }
            }
            let damaged = String(String.UnicodeScalarView(text))
            if let time = Timestamp(rfc3339: damaged), time.seconds >= -62_167_219_200 {
                #expect(Timestamp(rfc3339: time.description) == time, "\(damaged), seed \(seed)")
            }
        }
    }
}
