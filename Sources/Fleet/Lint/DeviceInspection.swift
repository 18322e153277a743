import Basics
import JSON
import Tracker

/// Devices that something is amiss with.
struct DeviceInspection: FleetInspection {
    var typeNames: [TypeName] { [FleetTypes.devices] }
    var rules: [FleetFinding.Rule] { [.inactiveParent, .noInterface, .sharedAddress] }

    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
    {
        func tell(_ rule: FleetFinding.Rule, _ text: String) {
            report(FleetFinding(rule: rule, typeName: typeName, object: object, text: text))
        }
        if let parent = object.number("parent_id"), object.isActive,
            let above = snapshot.object(typeName, String(parent)), !above.isActive
        {
            tell(.inactiveParent, "it is active, and the device above it, \(parent), is not")
        }
        guard object.document.member("kind")?.string?.hasSameUTF8(as: FleetKind.host.rawValue) ?? false else { return }
        if snapshot.rowCount(FleetTypes.interfaces, where: .field("device_id"), spelled: object.key.string) == 0 {
            tell(.noInterface, "it has no network interface")
        }
        if let other = host(withAddressOf: object, in: snapshot) {
            tell(.sharedAddress, "its address is that of the host \(other) too: Ansible's inventory has one of them")
        }
    }

    /// The first other host of the project with the same address, if it is among the first of all projects.
    private func host(withAddressOf object: StoredObject, in snapshot: Snapshot) -> String? {
        var (found, left): (String?, Int) = (nil, FleetLint.mostOthers)
        let address = object.document.member("ip_address")?.string ?? ""
        snapshot.forEachRow(FleetTypes.devices, where: .field("ip_address"), spelled: address, after: nil) { other in
            let isTwin =
                ObjectID(FleetTypes.devices, other.key) != ObjectID(FleetTypes.devices, object.key)
                && ["kind", "project_id"].allSatisfy { other.document.member($0) == object.document.member($0) }
            if isTwin { found = other.key.string }
            left -= 1
            return found == nil && left > 0
        }
        return found
    }
}

/// What names something that is not there.
struct DanglingInspection: FleetInspection {
    var typeNames: [TypeName] { [FleetTypes.devices, FleetTypes.machines] }
    var rules: [FleetFinding.Rule] { [.missingSecret, .unknownMachine] }

    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
    {
        if let number = object.number("access_secret_id"), snapshot.accessSecret(of: object) == nil {
            let text = "its access_secret_id \(number) does not exist"
            report(FleetFinding(rule: .missingSecret, typeName: typeName, object: object, text: text))
        }
        guard typeName == FleetTypes.machines, let machine = object.document.member("machine")?.string else { return }
        if snapshot.object("machines", machine) != nil { return }
        if !snapshot.keys("machines", where: .field("HardwareAddrs"), spelled: machine).isEmpty { return }
        let text = "it is said to be the machine \(machine), which does not exist"
        report(FleetFinding(rule: .unknownMachine, typeName: typeName, object: object, text: text))
    }
}

extension StoredObject {
    /// The number of an object that a field names; nil for none.
    func number(_ field: String) -> Int? { document.member(field)?.int.flatMap { $0 == 0 ? nil : $0 } }

    /// Of a device: whether it is in use.
    fileprivate var isActive: Bool { document.member("active")?.bool ?? true }
}
