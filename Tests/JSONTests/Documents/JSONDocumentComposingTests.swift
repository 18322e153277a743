import JSON
import Testing

@Suite struct `Documents made of documents` {
    @Test func `are what the values would be`() {
        let parts: [JSONValue] = [.null, 1, "a\"b", [1, [2]], ["z": 1, "a": [:]]]
        let documents = parts.map { JSONDocument($0) }
        #expect(JSONDocument(elements: documents) == JSONDocument(.array(parts)))
        #expect(JSONDocument(elements: [JSONDocument]()) == JSONDocument([]))
        let members = zip(["b", "a\n", "", "é", "B"], documents).map { (name: $0, value: $1) }
        let object = JSONObject(zip(["b", "a\n", "", "é", "B"], parts))
        #expect(JSONDocument(members: members) == JSONDocument(.object(object)))
        #expect(JSONDocument(members: []) == JSONDocument([:]))
    }
}
