import Basics

/// Where a machine stands in its pool (C §5.3).
public enum PoolStatus: String, CaseIterable, Sendable {
    /// The workflow of entering the pool runs, or a task of it has failed.
    case joining = "Joining", holdJoin = "HoldJoin"
    /// It waits to be allocated.
    case free = "Free"
    /// The workflow of being allocated runs, or a task of it has failed.
    case building = "Building", holdBuild = "HoldBuild"
    /// It is allocated, and all is done that was to be done for it.
    case inUse = "InUse"
    /// The workflow of being released runs, or a task of it has failed.
    case destroying = "Destroying", holdDestroy = "HoldDestroy"
    /// The workflow of leaving the pool runs, or a task of it has failed.
    case leaving = "Leaving", holdLeave = "HoldLeave"

    /// The status of exactly that name; nil for all other texts.
    public init?(named name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.hasSameUTF8(as: name) }) else { return nil }
        self = found
    }

    /// All statuses, for messages.
    static let list = allCases.map(\.rawValue).joined(separator: ", ")

    /// What the machine is on its way through; nil if through nothing.
    var transition: PoolTransition? {
        switch self {
        case .joining, .holdJoin: .join
        case .building, .holdBuild: .build
        case .destroying, .holdDestroy: .destroy
        case .leaving, .holdLeave: .leave
        case .free, .inUse: nil
        }
    }

    /// Whether the workflow of a transition is on its way and has not failed.
    public var isRunning: Bool { transition.map { $0.running == self } ?? false }

    /// Whether somebody has to look after a task that has failed.
    var isHeld: Bool { transition.map { $0.held == self } ?? false }
}

/// A machine's way from one place in its pool to the next: a workflow, which takes its time (C §19).
enum PoolTransition: CaseIterable, Sendable {
    /// Into a pool.
    case join
    /// To whoever allocates it.
    case build
    /// Back from them.
    case destroy
    /// Out of a pool.
    case leave

    /// The status while the workflow runs.
    var running: PoolStatus {
        switch self {
        case .join: .joining
        case .build: .building
        case .destroy: .destroying
        case .leave: .leaving
        }
    }

    /// The status once a task of the workflow has failed.
    var held: PoolStatus {
        switch self {
        case .join: .holdJoin
        case .build: .holdBuild
        case .destroy: .holdDestroy
        case .leave: .holdLeave
        }
    }

    /// The status at the end; nil of leaving, after which another pool is joined.
    var end: PoolStatus? {
        switch self {
        case .join, .destroy: .free
        case .build: .inUse
        case .leave: nil
        }
    }

    /// The field of pools that says what is done to a machine.
    var field: String {
        switch self {
        case .join: "EnterActions"
        case .build: "AllocateActions"
        case .destroy: "ReleaseActions"
        case .leave: "ExitActions"
        }
    }
}
