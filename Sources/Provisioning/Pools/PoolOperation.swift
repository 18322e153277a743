/// What may be done to the machines of a pool (C §19).
public enum PoolOperation: String, CaseIterable, Sendable {
    /// Takes free machines of another pool into this one.
    case add = "addMachines"
    /// Puts free machines of this pool back into its parent.
    case remove = "removeMachines"
    /// Reserves free machines of this pool.
    case allocate = "allocateMachines"
    /// Gives reserved machines of this pool back to it.
    case release = "releaseMachines"

    /// What machines go through.
    var transition: PoolTransition {
        switch self {
        case .add, .remove: .leave
        case .allocate: .build
        case .release: .destroy
        }
    }

    /// What machines are to be for it.
    private var wanted: (status: PoolStatus, isAllocated: Bool) {
        self == .release ? (.inUse, true) : (.free, false)
    }

    /// Why a machine of the pool cannot be taken; nil if it can be.
    ///
    /// - Parameters:
    ///   - isForced: takes machines in whatever they are going through.
    ///   - isNamed: whether the request names the machine. Without, force takes no machine from whoever has it allocated, and
    ///     gives none back that nobody has.
    func objection(
        to status: PoolStatus?, isAllocated: Bool, isForced: Bool, isNamed: Bool
    ) -> String? {
        if status == wanted.status, isAllocated == wanted.isAllocated { return nil }
        if isForced, isNamed || isAllocated == wanted.isAllocated { return nil }
        let state = "\(status?.rawValue ?? "in no status") and \(isAllocated ? "" : "not ")allocated"
        return "is \(state), not \(wanted.status.rawValue) and \(wanted.isAllocated ? "" : "not ")allocated"
    }

    /// The word for it in messages.
    var word: String {
        switch self {
        case .add: "added"
        case .remove: "removed"
        case .allocate: "allocated"
        case .release: "released"
        }
    }
}
