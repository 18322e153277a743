import JSON
import Tracker

/// What goes with an object that is removed (F §3, Delete): all that is in it.
struct FleetCascade: DraftEffects {
    var looksAt: [TypeName] { FleetTypes.all }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard change.after == nil, let field = Self.referringField[change.id.typeName.rawValue]?.stringValue else {
            return
        }
        if change.id.typeName == FleetTypes.devices {
            try remove(FleetTypes.interfaces, where: field, names: change.id, in: &draft)
            return try remove(FleetTypes.machines, where: "host_id", names: change.id, in: &draft)
        }
        for typeName in Self.order { try remove(typeName, where: field, names: change.id, in: &draft) }
    }

    /// The order in which objects go: none before those that refer to it.
    private static let order = [
        FleetTypes.devices, FleetTypes.interfaces, FleetTypes.networks, FleetTypes.cells, FleetTypes.regions,
        FleetTypes.clouds, FleetTypes.labels, FleetTypes.users, FleetTypes.variableRights, FleetTypes.secrets,
    ]

    /// The field by which other objects are in one of the type.
    private static let referringField: JSONObject = [
        FleetTypes.projects.rawValue: "project_id", FleetTypes.clouds.rawValue: "cloud_id",
        FleetTypes.regions.rawValue: "region_id", FleetTypes.cells.rawValue: "cell_id",
        FleetTypes.devices.rawValue: "device_id",
    ]

    private func remove(
        _ typeName: TypeName, where field: String, names id: ObjectID, in draft: inout Draft
    ) throws(TrackerError) {
        let keys = draft.view.keys(typeName, where: .field(field), names: id)
        guard !keys.isEmpty else { return }
        let ordered = typeName == FleetTypes.devices ? childrenFirst(keys, draft.view) : keys
        for key in ordered where draft.view[ObjectID(typeName, key)] != nil {
            try draft.removeAsServer(typeName, at: key.string)
        }
    }

    /// The devices, those that are further from the top of their tree before others: none is removed while it has children.
    private func childrenFirst(_ keys: [ByteString], _ view: Snapshot) -> [ByteString] {
        let levels = keys.map { (key: $0, level: view.ancestors(of: ObjectID(FleetTypes.devices, $0)).count) }
        return levels.sorted { ($1.level, $0.key) < ($0.level, $1.key) }.map(\.key)
    }
}

extension Snapshot {
    /// The devices above a device, its parent first; as many as a tree may be deep at the most.
    func ancestors(of id: ObjectID) -> [StoredObject] {
        var ancestors: [StoredObject] = []
        var parent = self[id]?.document.member("parent_id")?.value().intValue ?? 0
        while parent != 0, ancestors.count < Draft.deepestLevel {
            guard let device = object(FleetTypes.devices, String(parent)) else { break }
            ancestors.append(device)
            parent = device.document.member("parent_id")?.value().intValue ?? 0
        }
        return ancestors
    }
}
