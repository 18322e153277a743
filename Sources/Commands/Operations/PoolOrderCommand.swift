import ArgumentParser
import Basics
import Client
import JSON

/// What is done to machines of a pool.
protocol PoolOperationKind: Sendable {
    /// The options about where machines come from.
    associatedtype Source: PoolSourceOptions = OwnPool
    /// The command's name.
    static var name: String { get }
    /// The last part of the path.
    static var endpoint: String { get }
    /// What it does, in one line.
    static var abstract: String { get }
    /// Lines of an example each, below the first one.
    static var examples: [String] { get }
    /// What happened to a machine.
    static var past: String { get }
}

/// Machines of another pool come into this one.
enum AddToPool: PoolOperationKind {
    typealias Source = OtherPool

    static let (name, endpoint, past) = ("add", "addMachines", "added")
    static let abstract = "Move free machines into a pool, from its parent or another one."
    static let examples = ["web --count 3", "web --source-pool spare 'Name=Re(^big)'"]
}

/// Machines go to the parent of the pool.
enum RemoveFromPool: PoolOperationKind {
    static let (name, endpoint, past) = ("remove", "removeMachines", "removed")
    static let abstract = "Move free machines out of a pool, into its parent."
    static let examples = ["web --machine-list Name:web-1,Name:web-2", "web --all-machines"]
}

/// Machines are taken into use.
enum AllocateFromPool: PoolOperationKind {
    static let (name, endpoint, past) = ("allocate", "allocateMachines", "allocated")
    static let abstract = "Take free machines of a pool into use."
    static let examples = ["web --count 2 --minimum 1", "web --new-workflow install --wait-timeout 30m"]
}

/// Machines are given back.
enum ReleaseToPool: PoolOperationKind {
    static let (name, endpoint, past) = ("release", "releaseMachines", "released")
    static let abstract = "Give machines of a pool back that are in use."
    static let examples = ["web --machine-list Name:web-1"]
}

/// Where the machines of an operation come from.
protocol PoolSourceOptions: ParsableArguments {
    /// The pool, if it is neither the operation's own nor its parent.
    var sourcePool: String? { get }
}

/// Machines of the pool itself.
struct OwnPool: PoolSourceOptions {
    var sourcePool: String? { nil }
}

/// Machines of the parent, or of another pool.
struct OtherPool: PoolSourceOptions {
    @Option(help: ArgumentHelp("The pool to take machines from, if not the parent.", valueName: "pool"))
    var sourcePool: String?
}

/// `muster pools add` and the others that change pools.
struct PoolOrderCommand<Operation: PoolOperationKind>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Operation.name, abstract: Operation.abstract,
            discussion: """
                One machine is taken unless --count, --all-machines or --machine-list says more; filters, as `muster list` has \
                them, say of which. Either as many change as are asked for, or none (exit code 4).

                Examples:

                """ + Operation.examples.map { "  muster pools \(Operation.name) \($0)" }.joined(separator: "\n"))
    }

    @Argument(help: ArgumentHelp("The pool.", valueName: "pool")) var pool: String
    @Argument(help: ArgumentHelp("Conditions that all must hold, as Name=Re(^web).", valueName: "machine-filter"))
    var filters: [String] = []
    @OptionGroup var order: PoolOrderOptions
    @OptionGroup var source: Operation.Source
    @Flag(help: "Take machines whatever they go through.") var force = false
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?
    @OptionGroup var client: ClientOptions

    func adjust(_ settings: inout ClientSettings) {
        // The server answers when the machines are done, after an hour at the latest.
        if order.waitTimeout != nil { settings.readSeconds += 3600 }
    }

    func run(_ session: CommandSession) async throws {
        var query = source.sourcePool.map { [(name: "source-pool", value: $0)] } ?? []
        if force { query.append(("force", "true")) }
        let headers = reason.map { [(name: "X-Change-Reason", value: $0)] } ?? []
        let request = APIRequest(
            "POST", ["pools", pool, Operation.endpoint], query: query, headers: headers, body: try order.body(filters))
        let machines = try await session.client.send(request).json()
        guard session.format == nil else { return try session.showMembers(machines, whole: machines) }
        for machine in machines.arrayValue ?? [] {
            let words = ["Name", "Status"].map { machine[$0].map(FieldList.cell) ?? "" }
            try session.console.write("\(words[0]) \(Operation.past), \(words[1])\n")
        }
    }
}

/// Which machines of a pool, and what is done to them, in the names that drpcli has.
struct PoolOrderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many machines.", valueName: "number")) var count: Int?
    @Flag(help: "All machines that can be taken.") var allMachines = false
    @Option(help: ArgumentHelp("These machines, with commas: a key or INDEX:VALUE.", valueName: "machines"))
    var machineList: String?
    @Option(help: ArgumentHelp("With fewer than so many nothing is done.", valueName: "number")) var minimum: Int?
    @Option(help: ArgumentHelp("The workflow to set, in place of the pool's.", valueName: "workflow"))
    var newWorkflow: String?
    @Option(help: ArgumentHelp("Profiles to add, with commas.", valueName: "profiles")) var addProfiles: String?
    @Option(help: ArgumentHelp("Profiles to remove, with commas.", valueName: "profiles")) var removeProfiles: String?
    @Option(help: ArgumentHelp("Params to add, as a JSON object.", valueName: "json")) var addParameters: String?
    @Option(help: ArgumentHelp("Params to remove, with commas.", valueName: "params")) var removeParameters: String?
    @Option(help: ArgumentHelp("Wait for the machines' workflows for so long, as 30m.", valueName: "duration"))
    var waitTimeout: String?

    /// The body of the request (C §19).
    ///
    /// - Throws: `ClientError` of kind `usage` for params that are no JSON object.
    func body(_ filters: [String]) throws(ClientError) -> JSONValue {
        var body: JSONObject = [:]
        if allMachines { body["pool/all-machines"] = true }
        for (name, number) in [("count", count), ("minimum", minimum)] {
            if let number { body["pool/\(name)"] = JSONValue(number) }
        }
        for (name, text) in [("workflow", newWorkflow), ("wait-timeout", waitTimeout)] {
            if let text { body["pool/\(name)"] = .string(text) }
        }
        let lists = [
            ("machine-list", machineList), ("add-profiles", addProfiles), ("remove-profiles", removeProfiles),
            ("remove-parameters", removeParameters),
        ]
        for (name, text) in lists {
            guard let text else { continue }
            body["pool/\(name)"] = .array(text.parts(between: ",").filter { !$0.isEmpty }.map { .string(String($0)) })
        }
        if let addParameters {
            guard let value = try? JSONValue(parsing: addParameters), value.objectValue != nil else {
                throw ClientError(
                    .usage, "--add-parameters takes a JSON object, as '{\"size\": 2}', not `\(addParameters)`")
            }
            body["pool/add-parameters"] = value
        }
        if !filters.isEmpty { body["pool/filter"] = .array(filters.map { .string($0) }) }
        return .object(body)
    }
}
