import Content
import Foundation
import JSON
import Logging
import Store
import Testing
import Tracker

/// A catalog of two types that packs may hold.
private let catalog = Catalog([
    ObjectType(
        "profiles", Record("Profile", Field.common + [Field("Name", .string), Field("Params", .map(.any))]),
        key: .text("Name")),
    ObjectType(
        "templates", Record("Template", Field.common + [Field("ID", .string), Field("Contents", .string)]),
        key: .text("ID")),
])

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
            "profiles/a.yaml": "Name: a\nParams: {n: 1, s: \"1\"}\n",
            "profiles/b.json": #"{"name": "b"}"#, "templates/motd.tmpl": "hello\n", "profiles/README.md": "no object",
        ]
        try withDirectory(files) { path in
            let layer = try packs.layer(from: Bundle(path, catalog: catalog).content(), over: nil)
            #expect(layer.name == "shop")
            #expect(layer.metadata["Version"] == "v1.2.3")
            #expect(layer.objects["profiles"]?.keys.sorted() == ["a", "b"])
            #expect(layer.objects["profiles"]?["a"]?.member("Params")?.value() == ["n": 1, "s": "1"])
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
            let layer = try packs.layer(from: Bundle("\(path)/\(name)", catalog: catalog).content(), over: nil)
            #expect(layer.objects["profiles"]?.keys.map(\.string) == ["a"])
        }
    }

    @Test(arguments: [
        ("profiles/a.yaml", "Name: [", "not readable as YAML"), ("profiles/a.json", "{", "not readable as JSON"),
        ("profiles/a.yaml", "Name: a\nName: b", "uplicate"), ("profiles/a.yaml", "- 1", "holds no object"),
        ("profiles/a.yaml", "Params: {}", "has no Name"),
    ])
    func `that are broken are refused by file and reason`(file: String, text: String, reason: String) throws {
        try withDirectory([file: text]) { path in
            #expect { try Bundle(path, catalog: catalog).content() } throws: { error in
                let text = "\(error)"
                return text.contains("\(path)/\(file)") && text.contains(reason)
            }
        }
    }

    @Test func `that are not there are named`() {
        #expect {
            try Bundle("/nowhere", catalog: catalog).content()
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
