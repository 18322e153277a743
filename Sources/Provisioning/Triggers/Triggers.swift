public import Access
import Basics
import JSON
public import Tracker

/// Blueprints, triggers and work orders: tasks that run on machines when something calls for it, beside their workflows (C §21).
/// A domain of its own, whose types are in no table that older clients read.
public enum Triggers {
    /// The object types.
    public static let types: [ObjectType] = [.blueprints, .triggerProviders, .triggers, .workOrders]

    /// The domain.
    ///
    /// - Parameter scopes: what can be claimed; nil for a domain that only says which types there are.
    public static func domain(scopes: Scopes? = nil) -> Domain {
        let authenticator = scopes.map { Authenticator(scopes: $0) }
        return Domain(
            "triggers", typePrefix: nil, types: types, isPublished: false, sideKeyspaces: [EventTriggers.keyspace],
            prepare: prepare, works: authenticator.map { [work($0)] } ?? [],
            services: authenticator.map { [EventTriggers.service($0)] } ?? [])
    }

    /// Has the providers there.
    private static func prepare(_ draft: inout Draft) throws(TrackerError) {
        for kind in TriggerKind.allCases where !draft.view.contains("trigger_providers", kind.rawValue) {
            try draft.createAsServer("trigger_providers", kind.provider)
        }
    }

    /// What schedules of triggers have done.
    private static func work(_ authenticator: Authenticator) -> ScheduledWork {
        ScheduledWork(TriggerEffects.work) { run in
            guard let name = run.payload["Trigger"]?.stringValue else {
                throw PermanentFailure("the schedule names no trigger")
            }
            let firing = TriggerRun(name, id: run.id.description, data: ["Time": .string(run.id.due.description)])
            do throws(TrackerError) {
                return "\(try await firing.fire(on: run.tracker, authenticator)) work orders"
            } catch {
                guard error.code == .unavailable else { throw PermanentFailure("\(error)") }
                throw error
            }
        }
    }

    /// The secret that callers of a trigger must know; nil where there is no trigger that can be called.
    public static func secret(of trigger: String, in view: Snapshot) -> String? {
        guard let stored = view.object("triggers", trigger), stored.flag("Enabled"),
            TriggerKind(of: stored.object) == .webhook
        else { return nil }
        let sealed = stored.object.members("Params")[TriggerKind.secretParam] ?? .null
        return ParamDecryptor(view)(sealed, of: ObjectID("triggers", stored.key)).stringValue
    }
}
