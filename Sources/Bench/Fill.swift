import Access
import ArgumentParser
import JSON
import Logging
import Provisioning
import Store
import Tracker

/// Fills a store with machines, through the tracker itself but without HTTP.
struct Fill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Create machines of about 1 KB in a store.")

    @Option(help: "The store: lmdb:PATH.") var backend: String
    @Option(help: "How many machines.") var count: Int
    @Option(help: "Machines a commit.") var batch = 5000
    @Option(help: "How many clients commit at once.") var clients = 1

    /// Machines from one line of progress to the next.
    private static let news = 100_000

    func run() async throws {
        let domains = [Provisioning.domain()]
        let scopes = Scopes(.provisioning, domains)
        let catalog = Catalog(AccessTypes.guarding(domains, scopes: scopes, conventions: .provisioning))
        let store = try StoreLocator(backend).open(relativeTo: ".")
        let basic = try BuiltIn.basicLayer(version: "v4.8.0", catalog: catalog)
        let (tracker, _) = try DataTracker.open(
            store: store, catalog: catalog, writable: BuiltIn.writableMetadata, packs: [basic],
            logger: Logger(label: "fill"))
        _ = try await tracker.commit(.system("first boot")) { draft throws(TrackerError) in
            try BuiltIn.firstBoot(in: &draft)
        }
        try await withThrowingTaskGroup { group in
            for client in 0..<clients {
                group.addTask { try await commit(to: tracker, first: client * batch, every: clients * batch) }
            }
            try await group.waitForAll()
        }
        try await tracker.close()
    }

    /// Commits one batch after the other.
    private func commit(to tracker: DataTracker, first: Int, every step: Int) async throws {
        for start in stride(from: first, to: count, by: step) {
            let numbers = start..<min(start + batch, count)
            try await tracker.commit(.system("fill")) { draft throws(TrackerError) in
                for number in numbers { try draft.create("machines", Self.machine(number)) }
            } keeping: {
                _ in
            }
            if numbers.upperBound % Self.news == 0 { Report.progress("filled \(numbers.upperBound) of \(count)") }
        }
    }

    /// A machine whose JSON has about 1 KB.
    static func machine(_ number: Int) -> JSONObject {
        [
            "Name": .string("node-\(number)"), "Description": .string("rack \(number / 40), slot \(number % 40)"),
            "Address": .string("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"),
            "Params": [
                "rack": .string("r\(number % 1000)"), "slot": .number(JSONNumber(number % 40)),
                "serial": .string("s-\(number)"), "notes": .string(String(repeating: "n", count: 250)),
            ],
        ]
    }
}
