import Basics
import JSON
import Tracker

/// Places that do not fit together, and those that nothing is in.
struct PlaceInspection: FleetInspection {
    var typeNames: [TypeName] {
        [FleetTypes.clouds, FleetTypes.regions, FleetTypes.cells, FleetTypes.devices, FleetTypes.networks]
    }
    var rules: [FleetFinding.Rule] { [.misplaced, .emptyPlace] }

    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
    {
        for (field, target, outer) in Self.nested {
            guard let number = object.number(field), let place = snapshot.object(target, String(number)),
                let mine = object.number(outer), let theirs = place.number(outer), mine != theirs
            else { continue }
            let text = "\(field) \(number) is in \(outer.word) \(theirs), not in \(mine)"
            report(FleetFinding(rule: .misplaced, typeName: typeName, object: object, text: text))
        }
        if let field = Self.fields[typeName],
            snapshot.rowCount(
                FleetTypes.devices, where: .field(field), spelled: object.key.string) == 0
        {
            report(FleetFinding(rule: .emptyPlace, typeName: typeName, object: object, text: "no device is in it"))
        }
    }

    /// The fields that name a place, and that of the place which must agree with the object's own.
    private static let nested: [(field: String, target: TypeName, outer: String)] = [
        ("region_id", FleetTypes.regions, "cloud_id"), ("cell_id", FleetTypes.cells, "region_id"),
    ]

    /// By which field devices name a place of a type.
    private static let fields: [TypeName: String] = [
        FleetTypes.clouds: "cloud_id", FleetTypes.regions: "region_id", FleetTypes.cells: "cell_id",
    ]
}

extension String {
    /// What a field such as `cloud_id` names.
    fileprivate var word: String { hasByteSuffix("_id") ? String(decoding: utf8.dropLast(3), as: UTF8.self) : self }
}
