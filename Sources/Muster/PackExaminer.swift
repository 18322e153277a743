import Basics
import Commands
import Content
import JSON
import Logging
import ProvisionAPI
import Provisioning
import Store
import Tracker

/// Checks content packs as a server would that has nothing but its built-in objects: in memory, by a dry run of the upload.
struct PackExaminer {
    private let packs: ContentPacks

    init() {
        let catalog = ServerDomains(files: .empty).catalog
        packs = ContentPacks(catalog: catalog, features: Set(Features.all.map { Identifier($0) }))
    }

    /// The examiner for commands.
    var tools: PackTools {
        PackTools(reader: packs, examine: { await examine($0) }, check: { await check($0, $1) })
    }

    /// Compares what a store, which nobody serves, keeps in more than one form, with the built-in objects on the stack.
    private func check(
        _ store: any KeyValueStore, _ tell: @escaping @Sendable (CheckEvent) -> Void
    ) async -> Result<CheckReport, StoreError> {
        do {
            let basic = try BuiltIn.basicLayer(version: Version.text, catalog: packs.catalog)
            let examination = try OfflineCheck(
                store, catalog: packs.catalog, writable: BuiltIn.writableMetadata, packs: [basic], tell)
            guard let examination else { return .failure(StoreError(.notFound, "the store holds nothing")) }
            return .success(try await examination.check(tell))
        } catch let error as StoreError {
            return .failure(error)
        } catch {
            return .failure(StoreError(.unavailable, "the store cannot be checked: \(error)"))
        }
    }

    private func examine(_ layer: Layer) async -> (problems: [String], warnings: [String]) {
        do {
            let basic = try BuiltIn.basicLayer(version: Version.text, catalog: packs.catalog)
            let (tracker, _) = try DataTracker.open(
                store: MemoryStore(), catalog: packs.catalog, writable: BuiltIn.writableMetadata, packs: [basic],
                logger: Logger(label: "muster") { _ in SwiftLogNoOpLogHandler() })
            let types = layer.objects.keys.reduce(into: ["contents"] as Set<TypeName>) { $0.insert($1) }
            let request = TrackerRequest(id: "", principal: "", scope: WriteScope(types))
            let (outcome, _) = try tracker.dryRun(request) { draft throws(TrackerError) in
                try draft.push(layer, replacingWritable: false, isUpload: true)
            }
            return (
                [], outcome.value.warnings.map { $0.text } + layer.warnings + lacks(of: layer, in: outcome.snapshot)
            )
        } catch let error as TrackerError {
            return (error.messages, [])
        } catch {
            return (["it cannot be checked: \(error)"], [])
        }
    }

    /// What keeps objects of a pack from being available, as params whose schema refuses their values.
    private func lacks(of layer: Layer, in snapshot: Snapshot) -> [String] {
        layer.ids.flatMap { id in
            (snapshot[id]?.object["Errors"]?.arrayValue ?? []).compactMap(\.stringValue).map { "\(id): \($0)" }
        }
    }
}
