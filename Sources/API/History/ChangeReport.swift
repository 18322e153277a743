import Access
import JSON
import Provisioning
import Tracker

/// What a change set did, or would do, as the caller may read it.
struct ChangeReport {
    private let outcome: DataTracker.Committed<[StoredObject]>
    private let operations: [ObjectOperation]
    private let call: Call

    init(_ outcome: DataTracker.Committed<[StoredObject]>, _ operations: [ObjectOperation], _ call: Call) {
        (self.outcome, self.operations, self.call) = (outcome, operations, call)
    }

    /// The answer to a commit: the revision and the result of each change.
    var committed: JSONDocument {
        let sight = call.sight(in: outcome.snapshot)
        let results = results { type, object in sight[type.prefix].sees(object) ? type.served(object) : nil }
        return JSONDocument(members: [("revision", JSONDocument(revision)), ("results", results)])
    }

    /// The answer to a dry run: what the commit's would be, without secrets, and what would change.
    ///
    /// - Parameter base: the state before.
    func dryRun(over base: Snapshot) -> JSONValue {
        let redaction = Redaction(base, and: outcome.snapshot)
        let sight = EffectSight(call, from: base, to: outcome.snapshot)
        let results = results { type, object in
            guard sight.sees(ObjectID(type.prefix, object.key)) else { return nil }
            return JSONDocument(redaction(type.prefix, PastVersion(object)))
        }
        var report = EffectReport(outcome.changes, sight).value(redaction)
        report["results"] = results.value()
        return .object(report)
    }

    private var revision: JSONValue { JSONValue(Int(clamping: outcome.snapshot.revision.number)) }

    /// For each operation the object, if the caller may get it, as it stands after all; one that is gone again, as it last was.
    private func results(_ shown: (ObjectType, StoredObject) -> JSONDocument?) -> JSONDocument {
        let results = zip(operations, outcome.value).map { operation, object in
            var result = [
                ("op", Self.text(operation.action.name)), ("type", Self.text(operation.prefix.rawValue)),
                ("key", Self.text(object.key.string)),
            ]
            let last = outcome.snapshot[ObjectID(operation.prefix, object.key)]
            if let last { result.append(("etag", Self.text(last.etag))) }
            if let type = outcome.snapshot.catalog[operation.prefix], let document = shown(type, last ?? object) {
                result.append(("object", document))
            }
            return JSONDocument(members: result)
        }
        return JSONDocument(elements: results)
    }

    private static func text(_ text: String) -> JSONDocument { JSONDocument(.string(text)) }
}

/// What the caller may know of the effects of a commit that has not been made: what could be got before is judged by the state
/// before, what is new by the state after.
struct EffectSight {
    let base: Snapshot
    let result: Snapshot
    private let before: Sight
    private let after: Sight

    init(_ call: Call, from base: Snapshot, to result: Snapshot) {
        (self.base, self.result) = (base, result)
        (before, after) = (call.sight(in: base), call.sight(in: result))
    }

    /// Whether the caller may know what would become of an object.
    func sees(_ id: ObjectID) -> Bool {
        base[id] == nil ? after.sees(id, in: result) : before.sees(id, in: base)
    }
}

/// What a commit that has not been made would change.
struct EffectReport {
    private let changes: [ObjectChange]
    private let sight: EffectSight

    /// The effects of `changes` that `sight` shows.
    init(_ changes: [ObjectChange], _ sight: EffectSight) { (self.changes, self.sight) = (changes, sight) }

    /// Each object that would change, with the difference and what its rules say; what machines' params would become.
    func value(_ redaction: Redaction) -> JSONObject {
        [
            "dryRun": true,
            "revision": JSONValue(Int(clamping: sight.result.revision.number)),
            "changes": .array(changes.filter { sight.sees($0.id) }.map { change($0, redaction) }),
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
        let effects = ParamEffects(changes, from: sight.base, to: sight.result) { sight.sees(ObjectID("machines", $0)) }
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
