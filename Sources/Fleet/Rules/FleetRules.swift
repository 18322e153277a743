public import Basics
import JSON
import Tracker

/// What is demanded of the objects of the domain, whoever writes them (F §3).
struct FleetRules: ObjectRules {
    let layout: FleetLayout

    var looksAt: [TypeName] { FleetTypes.all }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        if change.action == .create, layout.typeName == FleetTypes.projects, object.text("id").isEmpty {
            object["id"] = .string(change.environment.uuid())
        }
        normalise(&object)
        stamp(&object, change)
        try refuseDuplicate(object, change)
        try refuseParent(object, change)
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        for field in layout.fields {
            if let problem = field.problem(object[field.name] ?? .null) { findings.addRefusal(problem) }
        }
        VariableNames.check(object["variables"], &findings)
        for label in object["labels"]?.arrayValue?.compactMap(\.stringValue) ?? []
        where label.unicodeScalars.count > FleetField.longestText {
            findings.addRefusal("a label has more than \(FleetField.longestText) characters: shorten it")
        }
        checkReferences(object, change, &findings)
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let id = change.view.catalog.id(layout.typeName, change.key)
        if layout.typeName == FleetTypes.secrets { try checkIsUnused(id, object, change) }
        guard layout.typeName == FleetTypes.networks else { return }
        let attached = change.view.keys(FleetTypes.interfaces, where: .field("network_id"), names: id)
        guard attached.isEmpty else {
            let message = "\(attached.count) network interfaces are attached to the network: remove them first"
            throw TrackerError(.stillInUse, layout.typeName, key: change.key, message)
        }
    }

    /// Refuses to remove a secret that network devices of its project name.
    private func checkIsUnused(_ id: ObjectID, _ secret: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let project = secret.text("project_id")
        var user: String?
        change.view.forEachRow(
            FleetTypes.devices, where: .field("access_secret_id"), spelled: change.key, after: nil
        ) { device in
            if device.document.member("project_id")?.string?.hasSameUTF8(as: project) ?? false {
                user = device.key.string
            }
            return user == nil
        }
        guard let user else { return }
        throw TrackerError(
            .stillInUse, layout.typeName, key: change.key,
            "the network device \(user) is reached with the secret: remove that first")
    }

    /// Spells addresses in the one way that reads show (F §3), lists each label once, and keeps a kind within the two there are.
    private func normalise(_ object: inout JSONObject) {
        if let address = object["ip_address"]?.stringValue.flatMap({ IPAddress($0) }) {
            object["ip_address"] = .string(address.description)
        }
        if layout.typeName == FleetTypes.devices {
            if object.text("kind").isEmpty { object["kind"] = .string(FleetKind.host.rawValue) }
            let labels = Set((object["labels"]?.arrayValue ?? []).compactMap(\.stringValue).map { Identifier($0) })
            object["labels"] = JSONValue(labels.sorted().map(\.text))
        }
    }

    /// Notes when the object was made, and when a column of it last changed; variables and labels are none (F §1).
    private func stamp(_ object: inout JSONObject, _ change: ChangeContext) {
        guard let previous = change.previous else {
            if object.text("created_at").isEmpty { object["created_at"] = .string(creationTime(change)) }
            return
        }
        let names = layout.fields.map(\.name) + (layout.typeName == FleetTypes.secrets ? ["value"] : [])
        let isChanged = names.contains { object[$0] != previous[$0] }
        if isChanged, change.action == .update || change.action == .save {
            object["updated_at"] = .string(change.environment.now().fleetText)
        }
    }

    /// The present time, or the time of the newest object if the clock was set back since: lists are in the order of
    /// creation, which is that of numbers.
    private func creationTime(_ change: ChangeContext) -> String {
        let now = change.environment.now().fleetText
        let last = change.view[layout.typeName]?.objects.last?.value.document.member("created_at")?.string ?? ""
        return last.precedesInUTF8(now) ? now : last
    }

    private func refuseDuplicate(_ object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard !layout.identity.isEmpty else { return }
        let identity = layout.identity(of: object)
        let holders = change.view.keys(layout.typeName, where: .field("identity"), is: identity)
        guard holders.contains(where: { !$0.string.hasSameUTF8(as: change.key) }) else { return }
        throw TrackerError(.alreadyExists, layout.typeName, key: change.key, layout.kind(of: object).duplicateText)
    }
}

extension FleetLayout {
    /// The kind of thing that an object of the type is.
    func kind(of object: JSONObject) -> FleetKind {
        if typeName == FleetTypes.devices { return FleetKind(rawValue: object.text("kind")) ?? .host }
        return FleetKind.allCases.first { $0.typeName == typeName } ?? .host
    }
}

extension JSONObject {
    /// A text field; empty where there is none.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// A number; zero where there is none.
    func number(_ name: String) -> Int { self[name]?.intValue ?? 0 }
}

extension Timestamp {
    /// The time as F §1 has it: `2017-03-29T12:00:00.000000`, in UTC, without a zone.
    public var fleetText: String {
        let whole = Timestamp(seconds: seconds).description.utf8.dropLast()
        let digits = String(nanoseconds / 1000)
        let zeros = String(repeating: "0", count: 6 - digits.utf8.count)
        return String(decoding: whole, as: UTF8.self) + "." + zeros + digits
    }
}

/// What is demanded of variables, whatever has them: of their names, and that they do not nest so deep that the lines they are
/// shown in, each with two blanks a level, would be mostly blanks.
enum VariableNames {
    /// So many blanks may stand before the lines of an object's variables.
    private static let mostBlanks = 4 << 20

    static func check(_ variables: JSONValue?, _ findings: inout Findings) {
        if let variables, blanks(before: variables, level: 0) > mostBlanks {
            findings.addRefusal("the variables have too many values too deep: nest them less")
        }
        for name in variables?.objectValue?.keys ?? []
        where name.isEmpty || name.unicodeScalars.count > FleetField.longestText {
            findings.addRefusal("a variable's name must have 1 to \(FleetField.longestText) characters: '\(name)'")
        }
    }

    /// How many blanks stand before the lines of a value's elements.
    private static func blanks(before value: JSONValue, level: Int) -> Int {
        let parts =
            switch value {
            case .array(let elements): elements
            case .object(let members): members.values
            default: [] as [JSONValue]
            }
        return parts.reduce(0) { $0 + 2 * (level + 1) + blanks(before: $1, level: level + 1) }
    }
}
