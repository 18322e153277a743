import Basics
import JSON
import Tracker

/// What hands a host's variables to the machine that it is, as params: a profile whose `Meta` names the project that the host
/// belongs to.
///
/// Variables whose names somebody keeps for certain roles are none of them: who may see a machine's params is another question.
enum MachineVariables {
    static let provider = ValueProvider(["Meta", "fleet-variables"]) { project, machine, typeName, snapshot in
        guard typeName == "machines", let host = snapshot.host(machine, in: project) else { return nil }
        let open = VariableRights(
            FleetCaller(name: "", project: project, level: .plain), project: project, in: snapshot)
        let variables = open.readable(snapshot.resolvedVariables(of: host, FleetTypes.devices))
        return (ObjectID(FleetTypes.devices, host.key), host, variables)
    }
}

extension Snapshot {
    /// The host of a project that a machine is: by its UUID, or else by the first of its hardware addresses that one has.
    fileprivate func host(_ machine: StoredObject, in project: String) -> StoredObject? {
        let names =
            [machine.document.member("Uuid")?.string.flatMap(UUIDText.canonical)]
            + (machine.document.member("HardwareAddrs")?.elements.map {
                $0.string.flatMap { MACAddress($0)?.description }
            }
                ?? [])
        for name in names {
            guard let name else { continue }
            for key in keys(FleetTypes.machines, where: .field("machine"), is: name) {
                let link = self[ObjectID(FleetTypes.machines, key)]?.document
                guard link?.member("project_id")?.string?.hasSameUTF8(as: project) ?? false else { continue }
                return self[ObjectID(FleetTypes.devices, key)]
            }
        }
        return nil
    }
}
