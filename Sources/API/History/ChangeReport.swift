import JSON
import Provisioning
import Tracker

/// What a change set did, or would do, as clients read it.
struct ChangeReport {
    let outcome: DataTracker.Committed<[StoredObject]>
    let operations: [ObjectOperation]

    /// The answer to a commit: the revision and the result of each change.
    var committed: JSONValue {
        ["revision": revision, "results": .array(results { type, object in type.served(object).value() })]
    }

    /// The answer to a dry run: what the commit's would be, without secrets, and what would change.
    ///
    /// - Parameter base: the state before.
    func dryRun(over base: Snapshot) -> JSONValue {
        let redaction = Redaction(base)
        let results = results { type, object in redaction(type.prefix, PastVersion(object)) }
        var report = EffectReport(outcome.changes, from: base, to: outcome.snapshot).value(redaction)
        report["results"] = .array(results)
        return .object(report)
    }

    private var revision: JSONValue { JSONValue(Int(clamping: outcome.snapshot.revision.number)) }

    /// For each operation the object as it stands after all; one that is gone again, as it last was.
    private func results(_ shown: (ObjectType, StoredObject) -> JSONValue) -> [JSONValue] {
        zip(operations, outcome.value).map { operation, object in
            var result: JSONObject = [
                "op": .string(operation.action.name), "type": .string(operation.prefix.rawValue),
                "key": .string(object.key.string),
            ]
            let last = outcome.snapshot[ObjectID(operation.prefix, object.key)]
            result["etag"] = last.map { .string($0.etag) }
            result["object"] = outcome.snapshot.catalog[operation.prefix].map { shown($0, last ?? object) }
            return .object(result)
        }
    }
}

/// What a commit that has not been made would change.
struct EffectReport {
    private let changes: [ObjectChange]
    private let base: Snapshot
    private let result: Snapshot

    /// The effects of `changes`, which lead from `base` to `result`.
    init(_ changes: [ObjectChange], from base: Snapshot, to result: Snapshot) {
        (self.changes, self.base, self.result) = (changes, base, result)
    }

    /// Each object that would change, with the difference and what its rules say; what machines' params would become.
    func value(_ redaction: Redaction) -> JSONObject {
        [
            "dryRun": true,
            "revision": JSONValue(Int(clamping: result.revision.number)),
            "changes": .array(changes.map { change($0, redaction) }),
            "params": params(redaction),
        ]
    }

    private func change(_ change: ObjectChange, _ redaction: Redaction) -> JSONValue {
        let (before, after) = (PastVersion(change.before), PastVersion(change.after))
        var value: JSONObject = [
            "action": .string(change.action.rawValue), "type": .string(change.id.prefix.rawValue),
            "key": .string(change.id.key.string), "diff": redaction.diff(change.id.prefix, before, after),
        ]
        for (name, field) in [("validated", "Validated"), ("available", "Available"), ("errors", "Errors")] {
            value[name] = change.after?.document.member(field)?.value()
        }
        return .object(value)
    }

    private func params(_ redaction: Redaction) -> JSONValue {
        let effects = ParamEffects(changes, from: base, to: result)
        let machines = effects.effects.map { effect -> JSONValue in
            let operations = effect.diff.operations.map { Self.redacted($0, redaction) }
            return [
                "key": .string(effect.machine.string), "name": .string(effect.name),
                "diff": JSONPatch(operations: operations).value,
            ]
        }
        return [
            "concerned": JSONValue(effects.concerned), "examined": JSONValue(effects.examined),
            "changed": JSONValue(effects.changed), "machines": .array(machines),
        ]
    }

    private static func redacted(_ operation: JSONPatch.Operation, _ redaction: Redaction) -> JSONPatch.Operation {
        guard let name = operation.path.tokens.first else { return operation }
        switch operation {
        case .add(let path, let value): return .add(path: path, value: redaction.param(name, value))
        case .replace(let path, let value): return .replace(path: path, value: redaction.param(name, value))
        default: return operation
        }
    }
}
