import Basics
package import Glibc
import Synchronization

/// Times as header fields have them (RFC 9110 §5.6.7); the present one is made once a second (§6.6.1).
package enum HTTPDate {
    private static let newest = Mutex<(second: time_t, text: String)>((-1, ""))

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static var now: String {
        let second = time(nil)
        return newest.withLock { newest in
            if newest.second != second { newest = (second, text(of: second)) }
            return newest.text
        }
    }

    /// The text of `second`, counted from 1970.
    package static func text(of second: time_t) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        return String(unsafeUninitializedCapacity: 32) { text in
            text.withMemoryRebound(to: CChar.self) { text in
                strftime(text.baseAddress!, 32, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            }
        }
    }

    /// The second, counted from 1970, that a text names in the one form that is still written; nil for other text.
    package static func second(of text: String) -> time_t? {
        let parts = text.utf8.count == 29 ? text.parts(between: " ") : []
        guard parts.count == 6, let month = months.firstIndex(where: { $0.hasSameUTF8(as: parts[2]) }),
            let day = Int64(parts[1]), let year = Int64(parts[3])
        else { return nil }
        var reader = TimeReader(String(parts[4]))
        guard let time = reader.timeOfDay() else { return nil }
        let date = CivilDate(year: year, month: Int64(month) + 1, day: day)
        let second = time_t(date.daysSinceEpoch * 86_400 + time)
        // A day that there is not, or one of another name, is no date.
        return Self.text(of: second).hasSameUTF8(as: text) ? second : nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
