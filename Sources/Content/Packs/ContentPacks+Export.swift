public import JSON
public import Tracker

/// Packs as clients read them back.
extension ContentPacks {
    /// Sections that the writable layer's summary counts even when they are empty (C §14.2).
    static let alwaysCounted: [Prefix] = [
        "bootenvs", "jobs", "machines", "preferences", "profiles", "roles", "stages", "tasks", "templates", "tenants",
        "users",
    ]

    /// `{meta, sections}` of a layer: for the writable layer the live objects, for others the pack's as they were loaded.
    public func content(of layer: Layer, in snapshot: Snapshot) -> JSONValue {
        var sections: JSONObject = [:]
        for type in catalog.types {
            let members = objects(of: layer, type, in: snapshot)
            if !members.isEmpty { sections[type.prefix.rawValue] = .object(JSONObject(members)) }
        }
        return ["meta": .object(layer.metadata), "sections": .object(sections)]
    }

    /// `{meta, Counts, Warnings}` of a layer.
    ///
    /// - Parameter warnings: what loading the pack told of it; by default what its objects lack now.
    public func summary(of layer: Layer, in snapshot: Snapshot, warnings: [String]? = nil) -> JSONValue {
        var counts: JSONObject = [:]
        for type in catalog.types {
            let count =
                layer.kind == .writable
                ? writableCount(type, in: snapshot) : layer.objects[type.prefix]?.count ?? 0
            guard count > 0 || layer.kind == .writable && Self.alwaysCounted.contains(type.prefix) else { continue }
            counts[type.prefix.rawValue] = .number(JSONNumber(count))
        }
        let warnings = warnings ?? layer.warnings + complaints(of: layer, in: snapshot)
        return [
            "meta": .object(layer.metadata), "Counts": .object(counts),
            "Warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private func objects(
        of layer: Layer, _ type: ObjectType, in snapshot: Snapshot
    ) -> [(key: String, value: JSONValue)] {
        guard layer.kind == .writable else {
            return (layer.objects[type.prefix] ?? [:]).map { ($0.key.string, $0.value.value()) }
        }
        guard let table = snapshot[type.prefix] else { return [] }
        return table.objects.compactMap { $0.1.layer == .writable ? ($0.0.string, type.served($0.1).value()) : nil }
    }

    private func writableCount(_ type: ObjectType, in snapshot: Snapshot) -> Int {
        snapshot[type.prefix].map { $0.count - $0.packObjectCount } ?? 0
    }

    private func complaints(of layer: Layer, in snapshot: Snapshot) -> [String] {
        guard layer.kind != .writable else { return [] }
        return layer.ids.flatMap { id -> [String] in
            guard let object = snapshot[id], object.layer == layer.id else { return [] }
            return object.complaints
        }
    }
}
