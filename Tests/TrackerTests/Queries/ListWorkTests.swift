import JSON
import Testing

@testable import Tracker

/// How much work lists are, and when they are left.
@Suite(.timeLimit(.minutes(10))) struct ListWorkTests {
    private static func boxes(_ count: Int, barcode length: Int) async throws -> Snapshot {
        let (tracker, _) = try SampleTypes.open()
        let code = String(repeating: "x", count: length)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for number in 0..<count {
                let box: JSONObject = [
                    "Id": .string("b\(number)"), "Barcode": .string("\(code)\(number)"), "Weight": 1,
                ]
                try draft.create("boxes", box)
            }
        }
        return tracker.snapshot
    }

    private static func query(_ arguments: [(String, String)]) throws -> ListQuery {
        try ListQuery(arguments: arguments.map { (name: $0.0, value: $0.1) }, type: SampleTypes.boxes)
    }

    @Test func `a list of few rows is no brief one if they are long and have to be read`() async throws {
        let filters = [("Weight", "1"), ("Available", "true")]
        #expect(try await Self.boxes(40, barcode: 10).isBrief("boxes", Self.query(filters)))
        let long = try await Self.boxes(40, barcode: 10_000)
        #expect(try !long.isBrief("boxes", Self.query(filters)))
        // A page that an index bounds is looked up, not read.
        #expect(try long.isBrief("boxes", Self.query([("Weight", "1")])))
    }

    @Test(arguments: [[("Id", "Re(.*)")], [("Weight", "Ne(2)")], [("Id", "Re(b.*)"), ("sort", "Weight")]])
    func `a list that nobody waits for any more is left`(arguments: [(String, String)]) async throws {
        let state = try await Self.boxes(5000, barcode: 1)
        let query = try Self.query(arguments)
        let whole = try state.list("boxes", query)
        let rest = Task { () throws -> Int in
            while !Task.isCancelled { await Task.yield() }
            return try state.list("boxes", query).filteredCount
        }
        rest.cancel()
        let count = try await rest.value
        #expect(whole.filteredCount == 5000 && count <= 64)
    }
}
