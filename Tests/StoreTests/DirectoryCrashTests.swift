import Basics
import Glibc
import JSON
import StoreTesting
import Testing

@testable import Store

/// A directory store that ends at any step of a batch: the next opening has all of the batch or nothing, in the store and in
/// files.
@Suite struct DirectoryCrashTests {
    /// Where a batch is cut off.
    enum Step: CaseIterable {
        /// New files were made, and nothing else happened.
        case staged
        /// The store has the batch, and the files are as before.
        case applied
        /// Some files are in their places.
        case half
        /// All files are in their places.
        case installed
    }

    @Test(arguments: Step.allCases, 1...8 as ClosedRange<UInt64>)
    func `a batch that is cut off is there as a whole or not at all`(step: Step, seed: UInt64) throws {
        let folder = TemporaryDirectory()
        var random = SeededGenerator(seed: seed)
        let locator = try StoreLocator("directory:fleet")
        var store = try DirectoryStore(locator, relativeTo: folder.path, layout: PlainLayout())
        var model: [String: Int] = [:]
        for _ in 0..<5 { try store.apply(Self.batch(&random, &model)) }
        try store.close()

        let before = model
        let batch = Self.batch(&random, &model)
        try Self.cut(batch, at: step, "\(folder.path)/fleet")
        store = try DirectoryStore(locator, relativeTo: folder.path, layout: PlainLayout())
        let expected = step == .staged ? before : model
        #expect(store.foundChanges.isEmpty)
        #expect(try Self.objects(of: store) == expected)
        #expect(try Self.files(of: "\(folder.path)/fleet") == expected)
        #expect(try Directory.names("\(folder.path)/fleet/.muster/new").isEmpty)
        try store.close()
    }

    @Test func `what somebody edited after the crash is found, and not written over`() throws {
        let folder = TemporaryDirectory()
        let locator = try StoreLocator("directory:fleet")
        var store = try DirectoryStore(locator, relativeTo: folder.path, layout: PlainLayout())
        var batch = WriteBatch()
        batch.put(.data, key: Self.key("a"), value: Self.value(1))
        try store.apply(batch)
        try store.close()
        batch = WriteBatch()
        batch.put(.data, key: Self.key("a"), value: Self.value(2))
        try Self.cut(batch, at: .applied, "\(folder.path)/fleet")
        FileBytes.write(Array("{\"N\": 3}".utf8), to: "\(folder.path)/fleet/hosts/a.yaml")
        store = try DirectoryStore(locator, relativeTo: folder.path, layout: PlainLayout())
        #expect(store.foundChanges.map(\.object) == [["N": 3]])
        #expect(try store.value(.data, key: Self.key("a")) == Self.value(2))
        try store.close()
    }

    /// Does a batch as the store does, and stops at a step.
    private static func cut(_ batch: WriteBatch, at step: Step, _ root: String) throws {
        let inner = try LMDBStore(try StoreLocator("lmdb:\(root)/.muster"), relativeTo: "")
        let mirror = FileMirror(root: root, codec: .yaml, layout: PlainLayout())
        let staging = try BatchStaging(batch.operations, mirror, over: inner, found: [:], number: 1)
        try staging.synchronize()
        if step != .staged { try inner.apply(staging.batch) }
        try inner.close()
        var redo = staging.redo
        if step == .half { redo.steps.removeLast(redo.steps.count / 2) }
        if step == .half || step == .installed { try mirror.install(redo) }
    }

    private static func key(_ name: String) -> [UInt8] { Array("hosts\u{0}\(name)".utf8) }

    private static func value(_ number: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: 8) + Array("{\"N\":\(number)}".utf8)
    }

    private static func batch(_ random: inout SeededGenerator, _ model: inout [String: Int]) -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            let name = "h\(Int.random(in: 0..<30, using: &random))"
            if Bool.random(using: &random) {
                let number = Int.random(in: 0..<1000, using: &random)
                batch.put(.data, key: key(name), value: value(number))
                model[name] = number
            } else {
                batch.remove(.data, key: key(name))
                model[name] = nil
            }
        }
        return batch
    }

    private static func objects(of store: any KeyValueStore) throws -> [String: Int] {
        var objects: [String: Int] = [:]
        try store.scan(.data) { key, value in
            let document = PlainLayout().parts(of: Array(value))?.document
            objects[String(decoding: key.dropFirst(6), as: UTF8.self)] = document?.value()["N"]?.intValue
            return true
        }
        return objects
    }

    private static func files(of root: String) throws -> [String: Int] {
        var objects: [String: Int] = [:]
        guard Directory.isDirectory("\(root)/hosts") else { return [:] }
        for name in try Directory.names("\(root)/hosts") {
            let value = try JSONValue(parsing: FileBytes.read("\(root)/hosts/\(name)") ?? [])
            objects[String(name.dropLast(5))] = value["N"]?.intValue
        }
        return objects
    }
}
