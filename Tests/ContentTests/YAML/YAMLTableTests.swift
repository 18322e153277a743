import Content
import JSON
import Testing
import Tracker

@Suite struct `YAML is read as dr-provision's clients read it` {
    @Test func `by a table that is there`() {
        #expect(YAMLRow.all.count > 300)
    }

    @Test(arguments: [(#"a: "\/""#, "/"), ("%YAML 1.2\n---\na: x", "x")])
    func `and with what YAML allows by now`(yaml: String, value: String) throws {
        #expect(try YAMLReader.read(Array(yaml.utf8)).value["a"]?.stringValue == value)
    }

    @Test(arguments: YAMLRow.all)
    func `text by text`(row: YAMLRow) throws {
        var value: JSONValue?
        do {
            let shape: FieldType = row.isObject ? .record(YAMLRow.object) : .any
            let read = try YAMLReader.read(Array(row.yaml.utf8), as: shape).value
            value = row.isObject ? .object(try YAMLRow.object.decode(read.required())) : read
        } catch {
            value = Optional.none
            if row.json != nil { Issue.record("\(error)") }
        }
        let expected =
            row.isObject ? try row.json.map { JSONValue.object(try YAMLRow.object.decode($0.required())) } : row.json
        #expect(value?.canonicalText() == expected?.canonicalText())
    }
}

/// What Go says of a list that is to be an object.
private struct NoObject: Error {}

extension JSONValue {
    /// The members; an object that is null has none.
    fileprivate func required() throws -> JSONObject {
        if isNull { return [:] }
        guard let objectValue else { throw NoObject() }
        return objectValue
    }

    /// The canonical JSON as text.
    fileprivate func canonicalText() -> String { String(decoding: canonicalBytes(), as: UTF8.self) }
}
