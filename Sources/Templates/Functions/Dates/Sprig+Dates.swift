import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for dates and durations.
    static let sprigDates: [Identifier: TemplateFunction] = [
        "date": .of(.string, .any) { values, context throws(TemplateFailure) in
            .string(time(values[1], context).text(values[0].string))
        },
        "dateInZone": dateInZone,
        "date_in_zone": dateInZone,
        "htmlDate": .of(.any) { values, context throws(TemplateFailure) in
            .string(time(values[0], context).text("2006-01-02"))
        },
        "htmlDateInZone": .of(.any, .string) { values, context throws(TemplateFailure) in
            .string(time(values[0], context).shown(in: zone(values[1].string)).text("2006-01-02"))
        },
        "dateModify": dateModify(isMust: false),
        "date_modify": dateModify(isMust: false),
        "mustDateModify": dateModify(isMust: true),
        "must_date_modify": dateModify(isMust: true),
        "toDate": .of(.string, .string) { values, _ throws(TemplateFailure) in
            var parser = GoTimeParser(layout: values[0].string, text: values[1].string)
            return .object((try? parser.parse()) ?? .zero)
        },
        "mustToDate": .of(.string, .string) { values, _ throws(TemplateFailure) in
            var parser = GoTimeParser(layout: values[0].string, text: values[1].string)
            return .object(try parser.parse())
        },
        "unixEpoch": .of(.named("time.Time")) { values, context throws(TemplateFailure) in
            .string("\(time(values[0], context).time.seconds)")
        },
        "duration": .of(.any) { values, _ throws(TemplateFailure) in
            let seconds: Int64 =
                switch values[0] {
                case .string(let text): GoNumber.integer(text, base: 10) ?? 0
                case .integer(let number, .int64): number
                default: 0
                }
            return .string(GoDuration.text(seconds &* 1_000_000_000))
        },
        "durationRound": .of(.any) { values, context throws(TemplateFailure) in
            switch values[0] {
            case .string(let text): return .string(rounded((try? GoDuration.nanoseconds(of: text)) ?? 0))
            case .integer(let number, .int64): return .string(rounded(number))
            case .object(let object):
                guard let time = object as? GoTime else { return "0s" }
                let distance = context.environment.now() - time.time
                return .string(rounded(Int64(clamping: distance.components.seconds) &* 1_000_000_000))
            default: return "0s"
            }
        },
    ]

    private static let dateInZone = TemplateFunction.of(.string, .any, .string) {
        values, context throws(TemplateFailure) in
        .string(time(values[1], context).shown(in: zone(values[2].string)).text(values[0].string))
    }

    private static func dateModify(isMust: Bool) -> TemplateFunction {
        .of(.string, .named("time.Time")) { values, context throws(TemplateFailure) in
            let time = time(values[1], context, zone: nil)
            do throws(TemplateFailure) {
                return .object(time.adding(nanoseconds: try GoDuration.nanoseconds(of: values[0].string)))
            } catch {
                guard isMust else { return values[1] }
                throw error
            }
        }
    }

    private static func zone(_ name: String) -> TimeZoneTable {
        TimeZoneTable.named(name) ?? .utc
    }

    /// A time, or the seconds since 1970 as an integer; anything else is the present time.
    private static func time(
        _ value: TemplateValue, _ context: TemplateContext, zone: TimeZoneTable? = .utc
    ) -> GoTime {
        switch value {
        case .object(let object):
            if let time = object as? GoTime { return zone.map { time.shown(in: $0) } ?? time }
        case .integer(let seconds, .int), .integer(let seconds, .int64), .integer(let seconds, .int32):
            // Far beyond any calendar, and still within what the arithmetic of dates can take.
            return GoTime(time: Timestamp(seconds: max(-1 << 50, min(1 << 50, seconds))), zone: .utc)
        default: break
        }
        return GoTime(time: context.environment.now(), zone: .utc)
    }

    /// The largest unit that a duration has more than one of, with how many whole ones.
    private static func rounded(_ nanoseconds: Int64) -> String {
        let hour: UInt64 = 3_600_000_000_000
        let units: [(String, UInt64)] = [
            ("y", hour * 24 * 365), ("mo", hour * 24 * 30), ("d", hour * 24), ("h", hour), ("m", hour / 60),
            ("s", hour / 3600),
        ]
        let magnitude = nanoseconds.magnitude
        guard let (name, unit) = units.first(where: { magnitude > $0.1 }) else { return "0s" }
        return "\(magnitude / unit)\(name)"
    }
}
