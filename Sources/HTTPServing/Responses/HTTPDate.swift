package import Glibc
import Synchronization

/// The present time as the header `Date` has it (RFC 9110 §6.6.1); made once a second.
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
}
