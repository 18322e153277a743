import Basics
import Testing
import Tracker

@testable import HTTPServing

struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (1_709_210_096, "Thu, 29 Feb 2024 12:34:56 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `a second is written as RFC 9110 has it`(second: Int, text: String) {
        #expect(HTTPDate.text(of: second) == text)
    }

    @Test func `now is the present second or the one that just ended`() {
        let now = Int(Timestamp.now.seconds)
        #expect((now - 1...now + 1).map { HTTPDate.text(of: $0) }.contains(HTTPDate.now))
    }
}
