import Basics
import Content
import Foundation
import JSON
import Logging
import Provisioning
import Store
import Testing
import Tracker

/// A catalog of two types that packs may hold.
private let catalog = Catalog(
    [
        ObjectType(
            "profiles", ObjectSchema("Profile", Field.common + [Field("Name", .string), Field("Params", .map(.any))]),
            key: .text("Name"), conventions: .provisioning),
        ObjectType(
            "templates", ObjectSchema("Template", Field.common + [Field("ID", .string), Field("Contents", .string)]),
            key: .text("ID"), conventions: .provisioning),
    ], layers: .provisioning)

private let packs = ContentPacks(catalog: catalog, features: ["workflows"])

/// A directory that lasts as long as the body.
private func withDirectory(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in files {
        let file = root.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    try body(root.path)
}

@Suite struct `Packs on disk` {
    @Test func `are read from a directory of one file an object`() throws {
        let files = [
            "._Name.meta": "shop\n", "._Version.meta": "v1.2.3\n",
            "profiles/a.yaml": "Name: a\nParams: {count: 1, s: \"1\"}\n",
            "profiles/b.json": #"{"name": "b"}"#, "templates/motd.tmpl": "hello\n", "profiles/README.md": "no object",
        ]
        try withDirectory(files) { path in
            let layer = try packs.layer(from: PackBundle(path, catalog: catalog).read().content, over: nil)
            #expect(layer.name == "shop")
            #expect(layer.metadata["Version"] == "v1.2.3")
            #expect(layer.objects["profiles"]?.keys.sorted() == ["a", "b"])
            #expect(layer.objects["profiles"]?["a"]?.member("Params")?.value() == ["count": 1, "s": "1"])
            #expect(layer.objects["templates"]?["motd.tmpl"]?.member("Contents")?.string == "hello\n")
        }
    }

    @Test(arguments: ["pack.yaml", "pack.json"])
    func `are read from a single file`(name: String) throws {
        let text =
            name.hasSuffix("json")
            ? #"{"meta":{"Name":"one"},"sections":{"profiles":{"a":{"Name":"a"}}}}"#
            : "meta: {Name: one}\nsections:\n  profiles:\n    a: {Name: a}\n"
        try withDirectory([name: text]) { path in
            let layer = try packs.layer(from: PackBundle("\(path)/\(name)", catalog: catalog).read().content, over: nil)
            #expect(layer.objects["profiles"]?.keys.map(\.string) == ["a"])
        }
    }

    @Test(arguments: [
        ("profiles/a.yaml", "Name: [", "not readable as YAML"), ("profiles/a.json", "{", "not readable as JSON"),
        ("profiles/a.yaml", "- 1", "holds no object"),
        ("profiles/a.yaml", "Params: {}", "has no Name"),
    ])
    func `that are broken are refused by file and reason`(file: String, text: String, reason: String) throws {
        try withDirectory([file: text]) { path in
            #expect { try PackBundle(path, catalog: catalog).read() } throws: { error in
                let text = "\(error)"
                return text.contains("\(path)/\(file)") && text.contains(reason)
            }
        }
    }

    @Test func `are refused with all that is broken in them at once`() throws {
        let files = [
            "profiles/a.yaml": "Name: [", "profiles/b.json": "{", "profiles/c.yaml": "Name: c",
            "templates/t.yaml": "[]",
        ]
        try withDirectory(files) { path in
            #expect { try PackBundle(path, catalog: catalog).read() } throws: { error in
                let paths = (error as? BundleError)?.problems.map { $0.path.dropFirst(path.count + 1) }
                return paths == ["profiles/a.yaml", "profiles/b.json", "templates/t.yaml"]
            }
        }
    }

    @Test(arguments: ["Overwritable", "Writable", "Type"])
    func `may say of their place in the stack what they like`(flag: String) throws {
        try withDirectory(["._Name.meta": "shop", "._\(flag).meta": "true\n"]) { path in
            let layer = try packs.layer(from: PackBundle(path, catalog: catalog).read().content, over: nil)
            #expect((layer.metadata["Type"], layer.metadata["Overwritable"]) == ("dynamic", false))
        }
        for value in ["true", "\"true\"", "dynamic"] {
            try withDirectory(["pack.yaml": "meta: {Name: one, \(flag): \(value), Order: 10}"]) { path in
                let layer = try packs.layer(
                    from: PackBundle("\(path)/pack.yaml", catalog: catalog).read().content, over: nil)
                #expect((layer.metadata["Writable"], layer.metadata["Order"]) == (false, "10"))
            }
        }
    }

    @Test(arguments: [
        ("Name: 12", "12", "Meta", "{}"),
        (
            "Name: a\nMeta: {readonly: true, order: 10}", "a", "Meta",
            #"{"order":"10","readonly":"true"}"#
        ),
        (
            "Name: a\nParams: {mac: 52:54:00:12:34:56, on: yes, x: 1.0}", "a", "Params",
            #"{"mac":"52:54:00:12:34:56","true":true,"x":1}"#
        ),
        ("base: &b {Meta: {icon: x}}\n<<: *b\nName: a", "a", "Meta", #"{"icon":"x"}"#),
        ("Name: !!str 7", "7", "Params", "{}"),
    ])
    func `make text of numbers and booleans where their type wants text`(
        yaml: String, key: String, field: String, value: String
    ) throws {
        func check(_ layer: Layer) throws {
            let object = try #require(layer.objects["profiles"]?[ByteString(key)])
            #expect(object.member(field)?.value() == (try JSONValue(parsing: Array(value.utf8))))
        }
        try withDirectory(["profiles/a.yml": yaml]) { path in
            try check(packs.layer(from: PackBundle(path, catalog: catalog).read().content, over: nil))
        }
        let indented = yaml.split(separator: "\n").map { "      \($0)\n" }.joined()
        try withDirectory(["pack.yaml": "meta: {Name: one}\nsections:\n  profiles:\n    \(key):\n\(indented)"]) {
            path in
            try check(packs.layer(from: PackBundle("\(path)/pack.yaml", catalog: catalog).read().content, over: nil))
        }
    }

    @Test(arguments: [
        (["profiles/a.yaml": "Name: a\nName: b"], "profiles/a.yaml: line 2: the key \"Name\" is given again", "b"),
        (
            ["profiles/a.yaml": "Name: a", "profiles/b.yaml": "Name: a"], "profiles/b.yaml: profiles/a is given again",
            "a"
        ),
        (
            ["profiles/a.json": "{\"Name\": \"a\",\n\"Name\": \"b\"}"],
            "profiles/a.json: line 2 column 1: duplicate key \"Name\": the last one counts", "b"
        ),
        (["profiles/a.yaml": "Name: a\n---\nName: b"], "profiles/a.yaml: line 2: only the first document", "a"),
    ])
    func `are read with a warning where something is given twice`(files: [String: String], warning: String, key: String)
        throws
    {
        try withDirectory(files) { path in
            let bundle = try PackBundle(path, catalog: catalog).read()
            #expect(bundle.warnings.count == 1)
            #expect(bundle.warnings.first?.description.hasPrefix("\(path)/\(warning)") == true)
            #expect(bundle.content["sections"]?["profiles"]?[key] != nil)
        }
    }

    @Test func `may hold directories, files and sections that are no objects`() throws {
        let files = [
            "templates/sub/x.tmpl": "no", "templates/t.tmpl": "yes", "profiles/old.yaml/x": "no", "unknown/x.yaml": "[",
            "tasks": "a file", "profiles/.hidden.yaml": "[", "README.md": "x", "._dir.meta/x": "no",
        ]
        try withDirectory(files) { path in
            let content = try PackBundle(path, catalog: catalog).read().content
            #expect(
                content["sections"] == ["profiles": [:], "templates": ["t.tmpl": ["ID": "t.tmpl", "Contents": "yes"]]])
        }
    }

    @Test func `may hold templates that are no UTF-8`() throws {
        try withDirectory([:]) { path in
            try FileManager.default.createDirectory(atPath: "\(path)/templates", withIntermediateDirectories: true)
            try Data([0x61, 0xE4, 0x62]).write(to: URL(filePath: "\(path)/templates/t"))
            let bundle = try PackBundle(path, catalog: catalog).read()
            #expect(bundle.content["sections"]?["templates"]?["t"]?["Contents"] == "a\u{FFFD}b")
            #expect(bundle.warnings.count == 1)
        }
    }

    @Test func `that are not there are named`() {
        #expect {
            try PackBundle("/nowhere", catalog: catalog).read()
        } throws: {
            "\($0)" == "/nowhere: there is no such file or directory"
        }
    }

    @Test func `refuse an object that does not decode, and name it`() {
        let content: JSONValue = [
            "meta": ["Name": "P"], "sections": ["profiles": ["p1-bad": ["Name": "p1-bad", "Params": 3]]],
        ]
        #expect { try packs.layer(from: content, over: nil) } throws: { error in
            (error as? TrackerError)?.messages == [
                "Store profiles item p1-bad failed to load from layer content-P: json: cannot unmarshal number into Go "
                    + "struct field Profile.Params of type map[string]interface {}",
                "Try manually replacing content layer P",
            ]
        }
    }

    @Test(
        arguments: [
            ["meta": 7], ["meta": ["Name": "P"], "sections": 7], ["meta": ["Name": "P"], "sections": ["profiles": 7]],
        ] as [JSONValue])
    func `refuse parts that are no objects`(_ content: JSONValue) {
        #expect { try packs.layer(from: content, over: nil) } throws: { ($0 as? TrackerError)?.code == .badPack }
    }

    @Test(
        arguments: [
            (
                ["Name": "a", "Version": "1.2.foo"],
                "Layer a: invalid version 1.2.foo: Invalid character(s) found in patch number \"foo\""
            ),
            (
                ["Name": "a", "RequiredFeatures": "workflows, time-travel"],
                "Content layer a requires feature time-travel, but dr-provision does not provide it"
            ),
            (["Version": "1.0.0"], "Store at content- has no Name metadata"),
        ] as [(JSONValue, String)])
    func `refuse bad metadata`(metadata: JSONValue, message: String) {
        #expect { try packs.layer(from: ["meta": metadata, "sections": [:]], over: nil) } throws: { error in
            (error as? TrackerError)?.messages == [message]
        }
    }
}
