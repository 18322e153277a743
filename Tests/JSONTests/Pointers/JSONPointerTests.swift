import JSON
import StoreTesting
import Testing

struct JSONPointerTests {
    private let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
        "deep": ["list": [["x": "y"]]], "01": 9,
    ]

    @Test(
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
            ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/deep/list/0/x", "y"), ("/01", 9),
        ] as [(String, JSONValue)])
    func `a pointer finds its value`(text: String, value: JSONValue) throws {
        let pointer = try JSONPointer(text)
        #expect(document[pointer] == value)
        #expect(pointer.description == text)
    }

    @Test func `the empty pointer is the whole document`() throws {
        let pointer = try JSONPointer("")
        #expect(pointer.isRoot)
        #expect(document[pointer] == document)
    }

    @Test func `escapes are undone from left to right`() throws {
        #expect(try JSONPointer("/~01").tokens == ["~1"])
        #expect(try JSONPointer("/~1~0//").tokens == ["/~", "", ""])
        #expect(JSONPointer(tokens: ["~1", "/", ""]).description == "/~01/~1/")
    }

    @Test(arguments: [
        ("foo", "Initial character of a non-empty pointer must be `/`"),
        ("/a~", "`a~` has an illegal unescaped ~"),
        ("/b/~2/c", "`~2` has an illegal unescaped ~"),
    ])
    func `a malformed pointer is refused`(text: String, message: String) {
        #expect { try JSONPointer(text) } throws: { "\($0)" == message }
    }

    @Test(arguments: [
        ("/foo/2", "Index out of bounds"), ("/foo/-", "Index out of bounds"),
        ("/foo/99999999999999999999", "Index out of bounds"),
        ("/foo/00", #"strconv.Atoi: parsing "00": invalid syntax"#),
        ("/foo/-1", #"strconv.Atoi: parsing "-1": invalid syntax"#),
        ("/foo/+1", #"strconv.Atoi: parsing "+1": invalid syntax"#),
        ("/foo/", #"strconv.Atoi: parsing "": invalid syntax"#),
        ("/foo/0/x/y", "Cannot index pointer /x/y for non-indexable JSON value"),
        (
            "/deep/k",
            #"Selector k not a member of map[string]interface {}{"list":[]interface {}{map[string]interface {}{"x":"y"}}}"#
        ),
    ])
    func `a pointer that leads nowhere says where it ends`(text: String, message: String) throws {
        let pointer = try JSONPointer(text)
        #expect(document[pointer] == nil)
        #expect { try document.value(at: pointer) } throws: { "\($0)" == message }
    }

    @Test func `values are shown as Go shows them`() {
        let object: JSONObject = ["a": .null, "b": true, "c": 1.5, "d": "\u{1}é\u{2028}\"\n", "e": [:], "f": []]
        let error = JSONPointerError.notMember(key: "x", object: object)
        #expect(
            "\(error)"
                == "Selector x not a member of map[string]interface {}{\"a\":interface {}(nil), \"b\":true, \"c\":1.5, "
                + #""d":"\x01é\u2028\"\n", "e":map[string]interface {}{}, "f":[]interface {}{}}"#)
    }

    @Test func `tokens are compared by their bytes`() {
        #expect(JSONPointer(tokens: ["\u{E9}"]) != JSONPointer(tokens: ["e\u{301}"]))
        let value: JSONValue = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(value[JSONPointer(tokens: ["e\u{301}"])] == 2)
    }

    @Test func `a slash separates whatever follows it`() throws {
        #expect(try JSONPointer("/a/\u{301}b").tokens == ["a", "\u{301}b"])
    }

    @Test func `a pointer contains what lies below it`() throws {
        let pointer = try JSONPointer("/a/b")
        #expect(pointer.contains(pointer))
        #expect(pointer.contains(pointer.appending("c").appending(1)))
        #expect(try !pointer.contains(JSONPointer("/a")))
        #expect(try !pointer.contains(JSONPointer("/a/bc")))
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `any tokens survive their text`(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        let pointer = JSONPointer(tokens: (0..<Int(seed % 5)).map { _ in random.string() })
        #expect(try JSONPointer(pointer.description) == pointer, "seed \(seed)")
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `any text is a pointer or refused`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            generator.pick(["/", "~", "0", "1", "a", "\u{301}", "-"])
        }.joined()
        do {
            let pointer = try JSONPointer(text)
            #expect(pointer.description == text, "seed \(seed)")
            _ = JSONValue.array([[], [:], 1])[pointer]
        } catch {
            let isSuspect = text.utf8.first != UInt8(ascii: "/") || text.utf8.contains(UInt8(ascii: "~"))
            #expect(isSuspect, "seed \(seed): \(error)")
        }
    }
}
