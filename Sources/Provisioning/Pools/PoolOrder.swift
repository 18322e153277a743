import Basics
public import JSON
public import Tracker

/// What a client asks to be done to machines of a pool (C §19).
public struct PoolOrder: Sendable {
    /// Which machines are taken.
    public enum Selection: Sendable {
        /// All that can be.
        case all
        /// So many of those that can be.
        case count(Int)
        /// These, as a URL names them.
        case list([String])
    }

    /// What is done.
    public let operation: PoolOperation
    /// The pool that it is done to.
    public let pool: String
    /// The pool whose machines are taken: of adding another one, otherwise the same.
    public let source: String
    /// What is done to the machines in place of what the pools say.
    let overlay: PoolActions.Overlay
    /// Which machines are taken.
    public let selection: Selection
    /// How many machines must be found, or nothing is done; of named ones, no more than are named.
    let minimum: Int
    /// Conditions on machines, as arguments of lists: name and value.
    let filters: [(name: String, value: String)]
    /// The length of the body: what it says is done to each machine.
    let bytes: Int
    /// How long the answer waits for the end of the transitions; zero not to wait.
    public let wait: Duration

    /// The types that an order changes.
    public static let writtenTypes: Set<TypeName> = ["machines", PoolTransfer.typeName]

    /// The most machines of one order: they change in one commit.
    public static let mostMachines = 10_000
    /// How much of machines, and of what is done to them, one order may handle, in pages.
    static let budget = WorkBudget(
        40_000, "pages of 4 KiB of machines and of what is done to them", remedy: "ask for fewer by pool/count")
    /// The bytes of a page.
    static let page = 4_096
    /// The longest wait for the end of transitions; orders for more get this.
    public static let longestWait = Duration.seconds(3_600)

    /// The order that a body gives.
    ///
    /// - Parameters:
    ///   - source: of adding, the pool to take machines from; nil for the parent.
    ///   - selection: takes the place of what the body says about which machines.
    ///   - view: where parents are looked up.
    /// - Throws: `undecodable` with the key that makes no sense, and what it may be; `invalid` of names that no pool can
    ///   have, and of a pool that would be its own source or destination.
    public init(
        _ operation: PoolOperation, pool: String, source: String? = nil, selection: Selection? = nil, body: JSONObject,
        in view: Snapshot
    ) throws(TrackerError) {
        let body = try PoolOrderBody(body, of: pool)
        (self.operation, self.pool) = (operation, pool)
        let parent = view.parentPool(of: pool)
        let source = source.flatMap { $0.isEmpty ? nil : $0 } ?? parent
        self.source = operation == .add ? source : pool
        bytes = body.bytes
        overlay = try body.overlay()
        self.selection = if let selection { selection } else { try body.selection() }
        minimum = try body.minimum(of: self.selection)
        filters = try body.filters()
        wait = try min(body.wait(), Self.longestWait)
        let badName = PoolName.problem(pool) ?? PoolName.problem(self.source)
        if let problem = badName ?? Self.circle(operation, pool, source, parent) {
            throw TrackerError(.invalid, "pools", key: pool, problem)
        }
    }

    /// What is wrong with machines that would only come back to where they are.
    private static func circle(
        _ operation: PoolOperation, _ pool: String, _ source: String, _ parent: String
    ) -> String? {
        switch operation {
        case .add where source.hasSameUTF8(as: pool):
            "Pool \(pool) cannot be its own source: name another one with source-pool"
        case .remove where parent.hasSameUTF8(as: pool):
            "Pool \(pool) has no parent to put machines into: add them to another pool instead"
        default: nil
        }
    }
}
