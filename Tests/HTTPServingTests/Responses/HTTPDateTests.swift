import Basics
import Testing

@testable import HTTPServing

struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (1_709_210_096, "Thu, 29 Feb 2024 12:34:56 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `a second is written as RFC 9110 has it`(second: Int, text: String) {
        #expect(HTTPDate.text(of: second) == text)
    }

    @Test(arguments: [0, 784_111_777, 1_709_210_096, 4_102_444_799])
    func `a second is read from its text`(second: Int) {
        #expect(HTTPDate.second(of: HTTPDate.text(of: second)) == second)
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994 08:49:37 GMT and more", "Sun, 06 Nov 1994", "784111777",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Wed, 30 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun,\u{0}06 Nov",
    ])
    func `what is no date is no second`(text: String) {
        #expect(HTTPDate.second(of: text) == nil)
    }

    @Test func `now is the present second or the one that just ended`() {
        let now = Int(Timestamp.now.seconds)
        #expect((now - 1...now + 1).map { HTTPDate.text(of: $0) }.contains(HTTPDate.now))
    }
}
