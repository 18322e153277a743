import JSON
import Testing

@testable import Tracker

@Suite struct `A filter of a list's elements` {
    private func boxes() async throws -> DataTracker {
        let tracker = try SampleTypes.open().tracker
        let labels: [(String, JSONValue)] = [
            ("none", []), ("a", ["a"]), ("ab", ["a", "b"]), ("abc", ["c", "b", "a"]), ("b", ["b"]),
        ]
        for (id, labels) in labels {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("boxes", ["Id": .string(id), "Labels": labels])
            }
        }
        return tracker
    }

    @Test(arguments: [
        ("Eq(a,b)", ["ab", "abc"]), ("a,b", ["ab", "abc"]), ("Eq(b,a,c)", ["abc"]), ("Eq(a)", ["a", "ab", "abc"]),
        ("Ne(a,b)", ["a", "b", "none"]), ("Ne(a)", ["b", "none"]), ("Eq(a,x)", []),
        ("In(a,b)", ["a", "ab", "abc", "b"]),
        ("Nin(a,b)", ["none"]),
    ])
    func `with several of them means all of them, and its complement`(value: String, expected: [String]) async throws {
        let snapshot = try await boxes().snapshot
        let query = try ListQuery(arguments: [("Labels", value)], type: SampleTypes.boxes)
        #expect(try snapshot.list("boxes", query).objects.map(\.key.string) == expected)
        let conditions = try EventConditions(["Labels=\(value)"], SampleTypes.catalog)
        for (key, object) in snapshot["boxes"]?.objects.map({ ($0.0.string, $0.1) }) ?? [] {
            let event = Event(
                time: "", type: "boxes", action: "update", key: key, principal: "", object: object.document)
            #expect(conditions.hold(of: event) == expected.contains(key))
        }
    }
}

@Suite struct `A test of a whole object` {
    private static let object: JSONObject = ["Id": "b", "Weight": 5, "Labels": ["x"]]

    private func passes(_ change: (inout JSONObject) -> Void) async throws -> Bool {
        let tracker = try SampleTypes.open().tracker
        let made = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("boxes", Self.object)
        }
        var value = made.value.object
        value["Seal"] = nil
        change(&value)
        let patch = JSONPatch(operations: [
            .test(path: JSONPointer(tokens: []), value: .object(value)),
            .replace(path: JSONPointer(tokens: ["Weight"]), value: 6),
        ])
        do throws(TrackerError) {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.patch("boxes", at: "b", patch)
            }
        } catch {
            #expect(error.code == .patchFailed)
            return false
        }
        return true
    }

    @Test func `passes over what only one side knows`() async throws {
        #expect(try await passes { _ in })
        #expect(try await passes { $0["Profile"] = ["Name": "of an older client"] })
        #expect(try await passes { $0["Barcode"] = nil })
        #expect(try await passes { $0 = ["Weight": 5.0] })
        #expect(try await passes { $0 = [:] })
    }

    @Test func `compares what both sides know to the bottom`() async throws {
        #expect(try await !passes { $0["Weight"] = 4 })
        #expect(try await !passes { $0["Labels"] = ["x", "y"] })
        #expect(try await !passes { $0["Labels"] = .null })
        #expect(try await !passes { $0["Params"] = ["a": 1] })
    }
}
