import JSON
import Logging
import Provisioning
import Store
import Tracker

/// A tracker with all provisioning types and what every server has from the start.
struct TestServer {
    let tracker: DataTracker
    let problems: [PackProblem]

    /// Opens a tracker over `store`, puts the built-in objects in place and `packs` on top of them.
    init(
        files: FileCatalog = .empty, store: any KeyValueStore = MemoryStore(), extraTypes: [ObjectType] = [],
        packs: [(name: String, sections: JSONObject)] = []
    ) async throws {
        let catalog = Catalog(
            Provisioning.types(files: files) + extraTypes, sideKeyspaces: Provisioning.domain().sideKeyspaces,
            layers: .provisioning)
        var layers = [try BuiltIn.basicLayer(version: "v4.8.0", catalog: catalog)]
        for pack in packs { layers.append(try Self.layer(pack.name, pack.sections, catalog)) }
        (tracker, problems) = try DataTracker.open(
            store: store, catalog: catalog, writable: BuiltIn.writableMetadata, packs: layers,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        _ = try await tracker.commit(.system("first boot")) { (draft) throws(TrackerError) in
            try BuiltIn.firstBoot(in: &draft)
        }
    }

    static func layer(_ name: String, _ sections: JSONObject, _ catalog: Catalog) throws -> Layer {
        try Layer.admitting(
            kind: .dynamic, name: name, metadata: ["Name": .string(name)], sections: sections, catalog: catalog)
    }

    /// Works on a draft and commits it.
    @discardableResult
    func change<Value: Sendable>(
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Value {
        try await tracker.commit(TrackerRequest(id: "test", principal: "test"), body).value
    }

    /// Creates an object as a client would, and gives it as it is after all that followed.
    @discardableResult
    func create(_ typeName: TypeName, _ input: JSONObject) async throws(TrackerError) -> JSONObject {
        let key = try await change { (draft) throws(TrackerError) in try draft.create(typeName, input).key.string }
        return tracker.snapshot.object(typeName, key)?.object ?? [:]
    }

    /// Changes fields of an object as a client would.
    @discardableResult
    func update(_ typeName: TypeName, _ key: String, _ fields: JSONObject) async throws(TrackerError) -> JSONObject {
        try await change { (draft) throws(TrackerError) in
            _ = try draft.update(typeName, at: key) { (object) throws(TrackerError) in
                object = object.merging(fields) { _, new in new }
            }
        }
        return tracker.snapshot.resolve(typeName, key)?.object ?? [:]
    }

    func remove(_ typeName: TypeName, _ key: String) async throws(TrackerError) {
        try await change { (draft) throws(TrackerError) in _ = try draft.remove(typeName, at: key) }
    }

    func push(_ name: String, _ sections: JSONObject) async throws -> PackResult {
        let layer = try Self.layer(name, sections, tracker.catalog)
        return try await change { (draft) throws(TrackerError) in try draft.push(layer, isUpload: true) }
    }

    /// The object, or nil.
    func object(_ typeName: TypeName, _ key: String) -> JSONObject? { tracker.snapshot.object(typeName, key)?.object }

    /// Why the object cannot be used; nil if it is not there.
    func errors(_ typeName: TypeName, _ key: String) -> [String]? {
        guard let type = tracker.snapshot.catalog[typeName] else { return nil }
        return tracker.snapshot.object(typeName, key)?.errors(type)
    }

    /// Whether the object can be used.
    func isAvailable(_ typeName: TypeName, _ key: String) -> Bool { object(typeName, key)?["Available"] == true }
}

/// The refusal that `body` meets, or nil if it meets none.
func refusal<Value>(of body: () async throws(TrackerError) -> Value) async -> TrackerError? {
    do throws(TrackerError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// An object written as JSON.
func json(_ text: String) throws -> JSONObject {
    guard case .object(let object) = try JSONValue(parsing: text) else { throw NotAnObject(text: text) }
    return object
}

struct NotAnObject: Error {
    let text: String
}
