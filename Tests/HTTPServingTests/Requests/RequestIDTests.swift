import Testing

@testable import HTTPServing

@Suite struct RequestIDTests {
    @Test func `ids are short and sort by start and count`() {
        let ids = [(1, 1), (1, 2), (1, 31), (1, 32), (1, 1 << 39), (2, 0), (1_763_687_000, 5)].map {
            RequestID(start: $0.0, count: UInt64($0.1)).description
        }
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { $0.utf8.count == 15 })
        #expect(Set(ids).count == ids.count)
    }

    @Test func `no two requests share an id`() {
        #expect(RequestID.next() != RequestID.next())
    }
}
