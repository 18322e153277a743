import Basics

/// A point in time together with the zone in which it is shown.
struct GoTime {
    let time: Timestamp
    let zone: TimeZoneTable

    /// The first instant of the year 1, which Go has for no time at all.
    static let zero = GoTime(time: .zero, zone: .utc)

    static let longMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    static let longWeekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// What a clock and a calendar in the zone show.
    struct Fields {
        let date: CivilDate
        let hour: Int64
        let minute: Int64
        let second: Int64

        /// From 0 for Sunday.
        let weekday: Int

        /// From 1.
        let yearDay: Int64

        let period: TimeZoneTable.Period
    }

    /// What a clock and a calendar in the zone show.
    var fields: Fields {
        let period = zone.period(at: time.seconds)
        let (days, second) = (time.seconds + period.offset).flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let firstDay = CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch
        return Fields(
            date: date, hour: second / 3600, minute: second / 60 % 60, second: second % 60,
            weekday: Int((days + 4).flooredDivision(by: 7).remainder), yearDay: days - firstDay + 1, period: period)
    }

    /// The same point in another zone.
    func shown(in zone: TimeZoneTable) -> GoTime { GoTime(time: time, zone: zone) }

    /// The time that many nanoseconds later.
    func adding(nanoseconds: Int64) -> GoTime {
        GoTime(time: time + .nanoseconds(nanoseconds), zone: zone)
    }
}

extension GoTime {
    /// The time in a layout.
    func text(_ layout: String) -> String {
        let fields = fields
        var result: [UInt8] = []
        for part in GoLayout(layout).parts {
            result += part.text
            if let element = part.element { result += text(of: element, fields).utf8 }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func text(of element: GoLayout.Element, _ fields: Fields) -> String {
        let month = Self.longMonths[Int(fields.date.month) - 1]
        let hour12 = fields.hour % 12 == 0 ? 12 : fields.hour % 12
        return switch element {
        case .longMonth: month
        case .month: String(month.prefix(3))
        case .numericMonth: "\(fields.date.month)"
        case .zeroMonth: Self.padded(fields.date.month)
        case .longWeekday: Self.longWeekdays[fields.weekday]
        case .weekday: String(Self.longWeekdays[fields.weekday].prefix(3))
        case .day: "\(fields.date.day)"
        case .spaceDay: Self.padded(fields.date.day, with: " ")
        case .zeroDay: Self.padded(fields.date.day)
        case .spaceYearDay: Self.padded(fields.yearDay, to: 3, with: " ")
        case .zeroYearDay: Self.padded(fields.yearDay, to: 3)
        case .hour: Self.padded(fields.hour)
        case .hour12: "\(hour12)"
        case .zeroHour12: Self.padded(hour12)
        case .minute: "\(fields.minute)"
        case .zeroMinute: Self.padded(fields.minute)
        case .second: "\(fields.second)"
        case .zeroSecond: Self.padded(fields.second)
        case .longYear: (fields.date.year < 0 ? "-" : "") + Self.padded(abs(fields.date.year), to: 4)
        case .year: Self.padded(abs(fields.date.year % 100))
        case .upperHalf: fields.hour < 12 ? "AM" : "PM"
        case .lowerHalf: fields.hour < 12 ? "am" : "pm"
        case .zoneName: fields.period.name.isEmpty ? Self.offset(fields.period.offset, false, 2) : fields.period.name
        case .offset(let usesZ, let hasColons, let parts):
            usesZ && fields.period.offset == 0 ? "Z" : Self.offset(fields.period.offset, hasColons, parts)
        case .fraction(let mark, let digits, let keepsZeros): fraction(mark, digits, keepsZeros)
        }
    }

    private static func padded(_ number: Int64, to width: Int = 2, with fill: String = "0") -> String {
        let text = "\(number)"
        return String(repeating: fill, count: max(0, width - text.utf8.count)) + text
    }

    private static func offset(_ seconds: Int64, _ hasColons: Bool, _ parts: Int) -> String {
        let distance = abs(seconds)
        let numbers = [distance / 3600, distance / 60 % 60, distance % 60].prefix(parts)
        return (seconds < 0 ? "-" : "+") + numbers.map { padded($0) }.joined(separator: hasColons ? ":" : "")
    }

    private func fraction(_ mark: UInt8, _ digits: Int, _ keepsZeros: Bool) -> String {
        let all = Self.padded(Int64(time.nanoseconds), to: 9)
        var shown = Array(all.utf8.prefix(min(digits, 9)))
        if !keepsZeros {
            while shown.last == UInt8(ascii: "0") { shown.removeLast() }
            if shown.isEmpty { return "" }
        }
        return String(decoding: [mark] + shown, as: UTF8.self)
    }
}

extension GoTime: TemplateObject {
    var typeName: String { "time.Time" }

    var text: String? { text("2006-01-02 15:04:05.999999999 -0700 MST") }

    private static let methods: [Identifier: TemplateSignature] = [
        "Format": TemplateSignature([.string]), "String": TemplateSignature(), "Unix": TemplateSignature(),
        "UnixNano": TemplateSignature(), "Year": TemplateSignature(), "Day": TemplateSignature(),
        "Hour": TemplateSignature(), "Minute": TemplateSignature(), "Second": TemplateSignature(),
        "Nanosecond": TemplateSignature(), "YearDay": TemplateSignature(), "IsZero": TemplateSignature(),
        "UTC": TemplateSignature(), "Month": TemplateSignature(), "Weekday": TemplateSignature(),
    ]

    func member(_ name: String) -> TemplateMember? {
        Self.methods[Identifier(name)].map { .method($0) }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case "Format": return .string(text(arguments[0].string))
        case "Unix": return .int64(time.seconds)
        case "UnixNano": return .int64(time.seconds &* 1_000_000_000 &+ Int64(time.nanoseconds))
        case "Year": return .int(Int(fields.date.year))
        case "Day": return .int(Int(fields.date.day))
        case "Hour": return .int(Int(fields.hour))
        case "Minute": return .int(Int(fields.minute))
        case "Second": return .int(Int(fields.second))
        case "Nanosecond": return .int(Int(time.nanoseconds))
        case "YearDay": return .int(Int(fields.yearDay))
        case "IsZero": return .bool(time == .zero)
        case "UTC": return .object(shown(in: .utc))
        case "Month": return .string(Self.longMonths[Int(fields.date.month) - 1])
        case "Weekday": return .string(Self.longWeekdays[fields.weekday])
        default: return .string(text ?? "")
        }
    }
}
