import Basics
import JSON
import StoreTesting
import Testing
import Tracker

@testable import Fleet

@Suite struct `Variables that places hand on` {
    private static let names = ["a", "b", "c"]
    private static let labels = ["web", "db", "ü"]

    /// A value that is one of a few, some of which have more parts than an index keeps.
    private static func value(_ random: inout SeededGenerator) -> JSONValue {
        let number = JSONValue(Int.random(in: 0..<3, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return ["x": [number, "deep"]]
        case 1: return .array(Array(repeating: "filler", count: 80) + [number])
        case 2: return .string(String(repeating: "é", count: 40) + number.canonicalText)
        default: return number
        }
    }

    /// One inventory in a tracker and in a model, changed alike.
    private struct Twins {
        let fleet: TestFleet
        var model = FleetModel()
        var random: SeededGenerator

        func pick(_ numbers: some Sequence<Int>, _ random: inout SeededGenerator) -> Int {
            numbers.sorted().randomElement(using: &random) ?? 0
        }

        mutating func grow() async throws {
            let cloud = try await fleet.create(FleetTypes.clouds, ["name": .string("c\(model.clouds.count)")])
            model.clouds[cloud] = FleetModel.Place(around: 0)
            for index in 0..<2 {
                let region = try await fleet.create(
                    FleetTypes.regions, ["name": .string("r\(index)"), "cloud_id": JSONValue(cloud)])
                model.regions[region] = FleetModel.Place(around: cloud)
                for index in 0..<2 { try await addCell(region, "l\(index)") }
            }
        }

        mutating func addCell(_ region: Int, _ name: String) async throws {
            let cloud = model.regions[region]?.around ?? 0
            let cell = try await fleet.create(
                FleetTypes.cells,
                ["name": .string(name), "cloud_id": JSONValue(cloud), "region_id": JSONValue(region)])
            model.cells[cell] = FleetModel.Place(around: region)
        }

        mutating func addDevice(_ number: Int) async throws {
            let region = pick(model.regions.keys, &random)
            let cells = model.cells.filter { $0.value.around == region }.keys
            let cell = Bool.random(using: &random) ? pick(cells, &random) : 0
            let parent = Bool.random(using: &random) ? pick(model.devices.keys, &random) : 0
            let labels = labels.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            let device = try await fleet.create(
                FleetTypes.devices,
                [
                    "labels": JSONValue(labels),
                    "name": .string("d\(number)"), "ip_address": "10.0.0.1", "device_type": "x",
                    "cloud_id": JSONValue(model.regions[region]?.around ?? 0), "region_id": JSONValue(region),
                    "cell_id": JSONValue(cell), "parent_id": JSONValue(parent),
                ])
            model.devices[device] = FleetModel.Device(region: region, cell: cell, parent: parent, labels: labels)
        }

        /// Gives a place or device other variables.
        mutating func setVariables() async throws {
            var variables: JSONObject = [:]
            for name in names where Bool.random(using: &random) {
                variables[name] = value(&random)
            }
            let (typeName, number): (TypeName, Int)
            switch Int.random(in: 0..<9, using: &random) {
            case 8: return try await setVariables(ofLabel: labels.randomElement(using: &random) ?? "", variables)
            case 0:
                model.project = variables
                let code = await fleet.update(FleetTypes.projects, fleet.project, ["variables": .object(variables)])
                return #expect(code == nil)
            case 1:
                (typeName, number) = (FleetTypes.clouds, pick(model.clouds.keys, &random))
                model.clouds[number]?.variables = variables
            case 2:
                (typeName, number) = (FleetTypes.regions, pick(model.regions.keys, &random))
                model.regions[number]?.variables = variables
            case 3:
                (typeName, number) = (FleetTypes.cells, pick(model.cells.keys, &random))
                model.cells[number]?.variables = variables
            default:
                (typeName, number) = (FleetTypes.devices, pick(model.devices.keys, &random))
                model.devices[number]?.variables = variables
            }
            let code = await fleet.update(typeName, "\(number)", ["variables": .object(variables)])
            #expect(code == (number == 0 ? .notFound : nil))
        }

        private mutating func setVariables(ofLabel label: String, _ variables: JSONObject) async throws {
            let id = fleet.tracker.snapshot.labelID(label, project: fleet.project)
            if model.labels[Identifier(label)] == nil {
                _ = try await fleet.create(
                    FleetTypes.labels, ["label": .string(label), "variables": .object(variables)])
            } else {
                let code = await fleet.update(id.typeName, id.key.string, ["variables": .object(variables)])
                #expect(code == nil)
            }
            model.labels[Identifier(label)] = variables
        }

        /// Puts a device below another, or tries to.
        mutating func move() async throws {
            let (number, parent) = (pick(model.devices.keys, &random), pick(model.devices.keys, &random))
            guard number != 0 else { return }
            let isCircle = number == parent || model.descendants(of: number).contains(parent)
            let code = await fleet.update(FleetTypes.devices, "\(number)", ["parent_id": JSONValue(parent)])
            #expect(code == (isCircle ? .invalid : nil))
            if !isCircle { model.devices[number]?.parent = parent }
        }

        mutating func removeSomething() async throws {
            if Int.random(in: 0..<4, using: &random) == 0 {
                let cell = pick(model.cells.keys, &random)
                guard let region = model.cells[cell]?.around else { return }
                let isRemoved = model.remove(cell: cell)
                #expect(await fleet.remove(FleetTypes.cells, cell) == (isRemoved ? nil : .stillInUse))
                if isRemoved { try await addCell(region, "n\(cell)") }
            } else {
                let number = pick(model.devices.keys, &random)
                guard number != 0 else { return }
                let isFree = model.descendants(of: number).isEmpty
                #expect(await fleet.remove(FleetTypes.devices, number) == (isFree ? nil : .stillInUse))
                if isFree { model.devices[number] = nil }
            }
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `are those of a look along the chain, and lists find what they would`(seed: UInt64) async throws {
        var twins = Twins(fleet: try await TestFleet(), random: SeededGenerator(seed: seed))
        for _ in 0..<2 { try await twins.grow() }
        for step in 0..<250 {
            switch Int.random(in: 0..<6, using: &twins.random) {
            case 0, 1: try await twins.addDevice(step)
            case 2, 3: try await twins.setVariables()
            case 4: try await twins.move()
            default: try await twins.removeSomething()
            }
            if step % 5 == 0 { try compare(twins, "seed \(seed), step \(step)", &twins.random) }
        }
    }

    private func compare(_ twins: Twins, _ place: String, _ random: inout SeededGenerator) throws {
        let (snapshot, model) = (twins.fleet.tracker.snapshot, twins.model)
        let numbers = model.devices.keys.sorted()
        for number in numbers {
            let device = try #require(snapshot.object(FleetTypes.devices, "\(number)"))
            let resolved = snapshot.resolvedVariables(of: device, FleetTypes.devices)
            #expect(resolved == model.resolved(device: number), "\(place), device \(number)")
        }
        let name = Self.names.randomElement(using: &random) ?? ""
        let number = Int.random(in: 0..<3, using: &random)
        for text in [
            "\(name):\(number)", "\(name).x[*]:\(number)", "\(name):[\(number)]", "\(name):{}", "\(name).x:\"deep\"",
        ] {
            var query = FleetQuery(FleetTypes.devices)
            query.variables = try VariableCondition.all(text)
            query.limit = nil
            let condition = try #require(query.variables.first)
            let expected = numbers.filter { model.resolved(device: $0)[name].map(condition.holds) ?? false }
            #expect(keys(snapshot.page(query).rows) == expected, "\(place), \(text)")
            query.countsInherited = false
            let own = numbers.filter { model.devices[$0]?.variables[name].map(condition.holds) ?? false }
            #expect(keys(snapshot.page(query).rows) == own, "\(place), own \(text)")
        }
        if let ancestor = numbers.randomElement(using: &random) {
            var query = FleetQuery(FleetTypes.devices)
            query.ancestor = ancestor
            query.limit = nil
            #expect(keys(snapshot.page(query).rows) == model.descendants(of: ancestor).sorted(), "\(place)")
        }
    }

    private func keys(_ rows: [StoredObject]) -> [Int] { rows.compactMap { Int($0.key.string) } }
}
