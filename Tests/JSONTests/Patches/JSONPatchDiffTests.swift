import JSON
import Testing

struct JSONPatchDiffTests {
    @Test(
        arguments: [
            (["a": 1, "b": 2], ["a": 1.0, "b": 2], []),
            (["a": ["b": 1, "c": 2]], ["a": ["b": 1, "c": 3]], [["op": "replace", "path": "/a/c", "value": 3]]),
            (["a": 1], ["b/c": 1], [["op": "remove", "path": "/a"], ["op": "add", "path": "/b~1c", "value": 1]]),
            ([1, 2, 3, 4], [1, 4], [["op": "remove", "path": "/2"], ["op": "remove", "path": "/1"]]),
            (
                [1, 4], [1, 2, 3, 4],
                [["op": "add", "path": "/1", "value": 2], ["op": "add", "path": "/2", "value": 3]]
            ),
            ([1, 2, 3], [1, 5, 3], [["op": "replace", "path": "/1", "value": 5]]),
            ([1, 1], [1, 1, 1], [["op": "add", "path": "/2", "value": 1]]),
            ([["a": 1], 2], [["a": 2], 2], [["op": "replace", "path": "/0/a", "value": 2]]),
            (["a": [1]], ["a": ["b": 1]], [["op": "replace", "path": "/a", "value": ["b": 1]]]),
            (1, .null, [["op": "replace", "path": "", "value": .null]]),
        ] as [(JSONValue, JSONValue, JSONValue)])
    func `only what differs is touched`(old: JSONValue, new: JSONValue, patch: JSONValue) {
        #expect(JSONPatch.diff(from: old, to: new).value == patch)
    }

    @Test func `a testing patch names the old values`() {
        let patch = JSONPatch.diff(from: ["a": 1, "b": 2, "d": 4], to: ["a": 5, "c": 3, "d": 4], testing: true)
        #expect(
            patch.value == [
                ["op": "test", "path": "/a", "value": 1], ["op": "replace", "path": "/a", "value": 5],
                ["op": "test", "path": "/b", "value": 2], ["op": "remove", "path": "/b"],
                ["op": "add", "path": "/c", "value": 3],
            ])
    }

    @Test func `a testing patch fails where somebody else was faster`() {
        let patch = JSONPatch.diff(from: ["a": 1], to: ["a": 2], testing: true)
        #expect { try patch.apply(to: ["a": 3]) } throws: { "\($0)" == "Patch error at line 0: Test op failed." }
    }
}
