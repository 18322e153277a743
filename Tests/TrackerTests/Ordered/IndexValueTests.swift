import Basics
import Testing

@testable import Tracker

struct IndexValueTests {
    @Test func `integers sort as numbers`() {
        let numbers: [Int64] = [.min, .min + 1, -1 << 40, -256, -255, -1, 0, 1, 255, 256, 1 << 40, .max]
        expectAscending(numbers.map(IndexValue.integer))
        #expect(IndexValue.integer(0).bytes == [0x80, 0, 0, 0, 0, 0, 0, 0])
        #expect(IndexValue.integer(-1).bytes == [0x7f, 255, 255, 255, 255, 255, 255, 255])
    }

    @Test func `false sorts before true`() {
        expectAscending([IndexValue.boolean(false), IndexValue.boolean(true)])
    }

    @Test func `times sort as time passes`() {
        let times = [
            "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00.000000001Z", "1970-01-01T00:00:00.5Z", "1970-01-01T00:00:01Z", "9999-12-31T23:59:59Z",
        ]
        expectAscending(times.map { IndexValue.time(Timestamp(rfc3339: $0)!) })
        #expect(IndexValue.time(seconds: 1, nanoseconds: 258).bytes == [0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2])
    }

    @Test func `addresses sort as numbers, none first`() {
        let addresses = [
            "::1", "0.0.0.0", "9.255.0.1", "10.0.0.1", "10.0.0.2", "255.255.255.255", "2001:db8::1", "ff02::1",
        ]
        expectAscending([IndexValue.address(nil)] + addresses.map { IndexValue.address(IPAddress($0)!) })
        #expect(
            IndexValue.address(IPAddress("1.2.3.4")!).bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4])
        #expect(IndexValue.address(nil) == .empty)
    }

    @Test func `blocks sort by address and then from wide to narrow`() {
        let blocks = ["10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "2001:db8::/32"]
        expectAscending([IndexValue.cidr(nil)] + blocks.map { IndexValue.cidr(CIDRBlock($0)!) })
    }

    private func expectAscending(_ values: [ByteString], sourceLocation: SourceLocation = #_sourceLocation) {
        for (left, right) in zip(values, values.dropFirst()) {
            #expect(left < right, "\(left.bytes) \(right.bytes)", sourceLocation: sourceLocation)
        }
    }
}
