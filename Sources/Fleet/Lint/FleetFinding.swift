public import Tracker

/// Something in an inventory that an operator would want to know of, though nothing forbids it.
public struct FleetFinding: Sendable {
    /// What is looked for.
    public enum Rule: String, Sendable, CaseIterable {
        /// A variable that would be handed on with the same value if the object did not have it.
        case redundantOverride = "redundant-override"
        /// A variable that hides one of another JSON type: values are replaced as wholes, not merged.
        case changedType = "changed-type"
        /// Variables of a label that no device has.
        case unusedLabel = "unused-label"
        /// A region of another cloud, or a cell of another region, than the object says.
        case misplaced
        /// A cloud, region or cell without any device.
        case emptyPlace = "empty-place"
        /// Hosts with one address, which Ansible's inventory takes for one.
        case sharedAddress = "shared-address"
        /// A host that no network interface belongs to.
        case noInterface = "no-interface"
        /// A device that is active below one that is not.
        case inactiveParent = "inactive-parent"
        /// A network device that names a secret which is not there.
        case missingSecret = "missing-secret"
        /// A host that is said to be a machine which is not there.
        case unknownMachine = "unknown-machine"
    }

    /// What was looked for.
    public let rule: Rule
    /// The type of what it was found at.
    public let typeName: TypeName
    /// What it was found at.
    public let object: StoredObject
    /// The variable, of findings about one.
    public var variable: String?
    /// What was found, in a sentence.
    public let text: String
}

/// What a look at an object for something finds.
protocol FleetInspection: Sendable {
    /// The types of objects that it looks at.
    var typeNames: [TypeName] { get }
    /// What it may find.
    var rules: [FleetFinding.Rule] { get }

    /// Reports what it finds at one of them.
    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
}
