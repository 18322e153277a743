import Basics
import JSON
import Testing

@testable import FleetAPI

@Suite struct `A value in a message` {
    @Test(
        arguments: [
            (JSONValue.null, "None"), (true, "True"), (false, "False"), (1, "1"), (1.5, "1.5"), (1e300, "1e+300"),
            (1e-7, "1e-07"), ("x", "'x'"), ("it's", "\"it's\""), ("a\"'b", "'a\"\\'b'"),
            ("a\\b\n\t\r\u{1}", "'a\\\\b\\n\\t\\r\\x01'"),
            ("ü☃", "'ü☃'"), ([], "[]"), ([1, "a", [.null]], "[1, 'a', [None]]"), ([:], "{}"),
            (["a": 1, "b": [:]], "{'a': 1, 'b': {}}"),
        ] as [(JSONValue, String)])
    func `is spelled as Python does`(value: JSONValue, text: String) {
        #expect(PythonText.repr(value) == text)
    }

    @Test func `is cut off where it is long`() {
        let long = JSONValue.array(Array(repeating: .string(String(repeating: "x", count: 5000)), count: 500))
        #expect(PythonText.repr(long).utf8.count < 1100)
    }

    @Test(arguments: [
        "b9f10eca-66ac-4c27-9c13-9d01e65f96b4", "B9F10ECA-66AC-4C27-9C13-9D01E65F96B4",
        "b9f10eca66ac4c279c139d01e65f96b4",
        "{b9f10eca-66ac-4c27-9c13-9d01e65f96b4}", "urn:uuid:b9f10eca-66ac-4c27-9c13-9d01e65f96b4",
    ])
    func `is a UUID in each spelling that Python takes`(text: String) {
        #expect(PythonUUID.canonical(text) == "b9f10eca-66ac-4c27-9c13-9d01e65f96b4")
    }

    @Test(arguments: ["", "x", "b9f10eca-66ac-4c27-9c13-9d01e65f96b", "g9f10eca-66ac-4c27-9c13-9d01e65f96b4", "None"])
    func `is no UUID otherwise`(text: String) { #expect(PythonUUID.canonical(text) == nil) }
}
