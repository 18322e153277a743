public import JSON
public import Tracker

/// Packs as clients read them back.
extension ContentPacks {
    /// Sections that the writable layer's summary counts even when they are empty (C §14.2).
    static let alwaysCounted: [TypeName] = [
        "bootenvs", "jobs", "machines", "preferences", "profiles", "roles", "stages", "tasks", "templates", "tenants",
        "users",
    ]

    /// `{meta, sections}` of a layer: for the writable layer the live objects, for others the pack's as they were loaded.
    ///
    /// - Parameters:
    ///   - isVisible: whether the asker may know of an object; nil if of all.
    ///   - reading: what is shown of an object's params; by default they as they are kept.
    ///   - budget: how much one answer may hold.
    /// - Throws: `overBudget` when the layer holds more, and what `reading` throws.
    public func content(
        of layer: Layer, in snapshot: Snapshot, isVisible: ((ObjectID) -> Bool)? = nil,
        reading: ((JSONObject, ObjectID) throws(TrackerError) -> JSONObject)? = nil,
        budget: WorkBudget = ContentPacks.exportBudget
    ) throws(TrackerError) -> JSONValue {
        var (sections, meter): (JSONObject, WorkMeter) = ([:], WorkMeter(budget))
        for type in catalog.visibleTypes {
            var members = try objects(of: layer, type, in: snapshot, &meter)
            if let isVisible { members.removeAll { !isVisible(ObjectID(type.typeName, type.key.bytes($0.key))) } }
            if let reading, let field = type.parameters?.field {
                members = try members.map { (key, value) throws(TrackerError) in
                    guard case .object(var object) = value, case .object(let params) = object[field] else {
                        return (key, value)
                    }
                    object[field] = .object(try reading(params, ObjectID(type.typeName, type.key.bytes(key))))
                    return (key, .object(object))
                }
            }
            if !members.isEmpty { sections[type.typeName.rawValue] = .object(JSONObject(members)) }
        }
        return ["meta": .object(layer.metadata), "sections": .object(sections)]
    }

    /// `{meta, Counts, Warnings}` of a layer.
    ///
    /// - Parameters:
    ///   - warnings: what loading the pack told of it; by default what its objects lack now.
    ///   - isVisible: whether the asker may know of an object; nil if of all.
    public func summary(
        of layer: Layer, in snapshot: Snapshot, warnings: [PackWarning]? = nil, isVisible: ((ObjectID) -> Bool)? = nil
    ) -> JSONValue {
        var counts: JSONObject = [:]
        for type in catalog.publishedTypes {
            let count = count(of: layer, type, in: snapshot, isVisible)
            guard count > 0 || layer.kind == .writable && Self.alwaysCounted.contains(type.typeName) else { continue }
            counts[type.typeName.rawValue] = .number(JSONNumber(count))
        }
        let warnings = (warnings ?? warningsNow(of: layer, in: snapshot, isVisible)).filter { warning in
            warning.about.map { isVisible?($0) ?? true } ?? true
        }
        return [
            "meta": .object(layer.metadata), "Counts": .object(counts),
            "Warnings": .array(warnings.map { .string($0.text) }),
        ]
    }

    /// How much of a layer one answer may hold, all of which is in memory as values.
    public static let exportBudget = WorkBudget(
        65_536, "pages of 4 KiB of objects in one answer", remedy: "read the lists of its types page by page")

    private func objects(
        of layer: Layer, _ type: ObjectType, in snapshot: Snapshot, _ meter: inout WorkMeter
    ) throws(TrackerError) -> [(key: String, value: JSONValue)] {
        var (objects, bytes): ([(key: String, value: JSONValue)], Int) = ([], 0)
        func add(_ key: ByteString, _ document: JSONDocument) throws(TrackerError) {
            bytes += document.bytes.count
            try meter.spend(bytes / 4096, on: "contents", key: layer.name)
            bytes %= 4096
            objects.append((key.string, document.value()))
        }
        if layer.kind == .writable {
            guard let table = snapshot[type.typeName] else { return [] }
            for (key, object) in table.objects where object.layer == .writable { try add(key, type.served(object)) }
        } else {
            for (key, document) in layer.objects[type.typeName] ?? [:] { try add(key, document) }
        }
        return objects
    }

    private func writableCount(_ type: ObjectType, in snapshot: Snapshot) -> Int {
        snapshot[type.typeName].map { $0.count - $0.packObjectCount } ?? 0
    }

    private func count(
        of layer: Layer, _ type: ObjectType, in snapshot: Snapshot, _ isVisible: ((ObjectID) -> Bool)?
    ) -> Int {
        let isWritable = layer.kind == .writable
        guard let isVisible else {
            return isWritable ? writableCount(type, in: snapshot) : layer.objects[type.typeName]?.count ?? 0
        }
        guard isWritable else {
            return layer.objects[type.typeName]?.keys.count { isVisible(ObjectID(type.typeName, $0)) } ?? 0
        }
        return snapshot[type.typeName]?.objects.lazy
            .filter { $0.1.layer == .writable && isVisible(ObjectID(type.typeName, $0.0)) }.count ?? 0
    }

    /// The names in the pack's objects that lead nowhere now, and, for those who see all of them, what loading it told.
    private func warningsNow(
        of layer: Layer, in snapshot: Snapshot, _ isVisible: ((ObjectID) -> Bool)?
    ) -> [PackWarning] {
        let told = isVisible == nil ? layer.warnings.map { PackWarning(about: nil, text: $0) } : []
        return told + snapshot.danglingNames(of: layer)
    }
}
