import Basics
import JSON
import Logging
import Store
import StoreTesting
import Tracker

@testable import Fleet

/// An inventory as a few dictionaries have it, for comparison: who is in what, and who has which variables.
struct FleetModel {
    /// A device.
    struct Device {
        var region: Int
        var cell: Int
        var parent: Int
        var labels: [String] = []
        var variables: JSONObject = [:]
    }

    /// A place: what is around it, and its variables.
    struct Place {
        var around: Int
        var variables: JSONObject = [:]
    }

    var project: JSONObject = [:]
    var clouds: [Int: Place] = [:]
    var regions: [Int: Place] = [:]
    var cells: [Int: Place] = [:]
    var devices: [Int: Device] = [:]
    /// The variables of labels.
    var labels: [Identifier: JSONObject] = [:]

    /// The variables that a device has and is handed, looked up one after the other as F §5 says.
    func resolved(device number: Int) -> JSONObject {
        guard let device = devices[number], let region = regions[device.region] else { return [:] }
        var chain: [JSONObject] = []
        var next = number
        while let here = devices[next] {
            chain.append(here.variables)
            next = here.parent
        }
        chain += device.labels.sorted { $1.precedesInUTF8($0) }.map { labels[Identifier($0)] ?? [:] }
        if let cell = cells[device.cell] { chain.append(cell.variables) }
        chain += [region.variables, clouds[region.around]?.variables ?? [:], project]
        return chain.reversed().reduce(into: [:]) { all, some in for (name, value) in some { all[name] = value } }
    }

    /// The devices below a device.
    func descendants(of number: Int) -> Set<Int> {
        let children = Set(devices.filter { $0.value.parent == number }.keys)
        return children.reduce(children) { $0.union(descendants(of: $1)) }
    }

    /// Takes out a cell and the devices in it; false, and nothing happens, if one of those has children elsewhere.
    mutating func remove(cell: Int) -> Bool {
        let inside = Set(devices.filter { $0.value.cell == cell }.keys)
        guard inside.allSatisfy({ descendants(of: $0).isSubset(of: inside) }) else { return false }
        cells[cell] = nil
        for number in inside { devices[number] = nil }
        return true
    }
}

/// An inventory in a tracker, with one project.
struct TestFleet {
    let tracker: DataTracker
    let project: String

    init(_ store: any KeyValueStore = MemoryStore()) async throws {
        tracker = try DataTracker.open(
            store: store, catalog: Catalog([Fleet.domain]), writable: [:], packs: [], logger: Logger(label: "test")
        ).tracker
        project = try await tracker.commit(Self.request) { draft throws(TrackerError) in
            try draft.create(FleetTypes.projects, ["name": "test"])
        }.value.key.string
    }

    static let request = TrackerRequest(id: "test", principal: "fleet:test")

    /// Makes an object, and gives its number.
    func create(_ typeName: TypeName, _ object: JSONObject) async throws -> Int {
        var object = object
        object["project_id"] = .string(project)
        let complete = object
        let made = try await tracker.commit(Self.request) { draft throws(TrackerError) in
            try draft.create(typeName, complete)
        }.value
        return Int(made.key.string) ?? 0
    }

    /// Changes members of an object; nil if that was done, or why it was not.
    func update(_ typeName: TypeName, _ key: String, _ changes: JSONObject) async -> TrackerError.Code? {
        await code { draft throws(TrackerError) in
            try draft.update(typeName, at: key) { object in for (name, value) in changes { object[name] = value } }
        }
    }

    /// Removes an object; nil if that was done, or why it was not.
    func remove(_ typeName: TypeName, _ number: Int) async -> TrackerError.Code? {
        await code { draft throws(TrackerError) in try draft.remove(typeName, at: String(number)) }
    }

    private func code(
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async -> TrackerError.Code? {
        do throws(TrackerError) {
            _ = try await tracker.commit(Self.request, body)
            return nil
        } catch { return error.code }
    }
}
