import JSON
import StoreTesting
import Testing

@testable import Store

/// A directory store on one that fails when told to.
private struct Doubtful {
    let folder = TemporaryDirectory()
    let inner: FaultInjectingStore
    let store: DirectoryStore

    init() throws {
        var opened: FaultInjectingStore?
        store = try DirectoryStore(
            try StoreLocator("directory:fleet"), relativeTo: folder.path, layout: PlainLayout()
        ) { (locator) throws(StoreError) in
            let wrapped = FaultInjectingStore(try LMDBStore(locator, relativeTo: ""))
            opened = wrapped
            return wrapped
        }
        inner = try #require(opened)
    }

    func put(_ name: String, _ number: Int) throws {
        var batch = WriteBatch()
        let document = JSONValue.object(["N": JSONValue(number)])
        batch.put(.data, key: key(name), value: [0, 0, 0, 0, 0, 0, 0, 7] + document.canonicalBytes())
        try store.apply(batch)
    }

    func remove(_ name: String) throws {
        var batch = WriteBatch()
        batch.remove(.data, key: key(name))
        try store.apply(batch)
    }

    func text(_ name: String) -> String? {
        FileBytes.read("\(folder.path)/fleet/hosts/\(name).yaml").map { String(decoding: $0, as: UTF8.self) }
    }

    /// What an opening of the store finds changed by hand.
    func foundAtNextOpening() throws -> [String] {
        try store.close()
        let next = try DirectoryStore(
            try StoreLocator("directory:fleet"), relativeTo: folder.path, layout: PlainLayout())
        defer { try? next.close() }
        return next.foundChanges.map(\.path)
    }

    private func key(_ name: String) -> [UInt8] { Array("hosts".utf8) + [0] + Array(name.utf8) }
}

/// A batch of which the caller was told that it failed, while the store behind the files has it, or has it not.
@Suite struct DirectoryDoubtTests {
    @Test(arguments: [FaultInjectingStore.Moment.before, .after])
    func `files agree with the store after a failure that leaves it open what was applied`(
        _ moment: FaultInjectingStore.Moment
    ) throws {
        let fleet = try Doubtful()
        try fleet.put("a", 1)
        try fleet.put("b", 1)
        fleet.inner.fail(.apply, moment)
        #expect(throws: StoreError.self) { try fleet.put("a", 2) }
        try fleet.put("b", 2)
        let expected = if case .after = moment { 2 } else { 1 }
        #expect(fleet.text("a") == "{\n  \"N\": \(expected)\n}\n")
        #expect(fleet.text("b") == "{\n  \"N\": 2\n}\n")
        #expect(try fleet.foundAtNextOpening().isEmpty)
    }

    @Test(arguments: [FaultInjectingStore.Moment.before, .after])
    func `so they do after a failed removal, or at the next opening`(_ moment: FaultInjectingStore.Moment) throws {
        let fleet = try Doubtful()
        for name in ["a", "b", "c"] { try fleet.put(name, 1) }
        try fleet.remove("c")
        fleet.inner.fail(.apply, moment)
        #expect(throws: StoreError.self) { try fleet.remove("a") }
        try fleet.put("c", 2)
        let isGone = if case .after = moment { true } else { false }
        #expect((fleet.text("a") == nil) == isGone)
        fleet.inner.fail(.apply, moment)
        #expect(throws: StoreError.self) { try fleet.put("b", 2) }
        #expect(try fleet.foundAtNextOpening().isEmpty)
        #expect(fleet.text("b") == "{\n  \"N\": \(isGone ? 2 : 1)\n}\n")
    }
}
