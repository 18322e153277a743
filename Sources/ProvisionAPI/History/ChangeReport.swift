import Access
import HTTPServing
import JSON
import Provisioning
import Tracker

/// What a change set did, or would do, as the caller may read it.
struct ChangeReport {
    private let outcome: DataTracker.Committed<[StoredObject]>
    private let operations: [ObjectOperation]
    private let call: RequestContext

    init(_ outcome: DataTracker.Committed<[StoredObject]>, _ operations: [ObjectOperation], _ call: RequestContext) {
        (self.outcome, self.operations, self.call) = (outcome, operations, call)
    }

    /// The answer to a commit: the revision and the result of each change, without the objects if the caller wants no more than
    /// their keys.
    var committed: JSONDocument {
        let isBrief = call.query.isSet("brief")
        let readAuthorization = call.readAuthorization(in: outcome.snapshot)
        var ofTypes: [TypeName: ReadAuthorization.OfType] = [:]
        for typeName in Set(operations.map(\.typeName)) { ofTypes[typeName] = readAuthorization[typeName] }
        let size = outcome.value.reduce(64) { $0 + (isBrief ? 0 : $1.document.bytes.count) + 160 }
        var writer = JSONWriter(capacity: size)
        writer.append(plain: "{\"results\":")
        writeResults(into: &writer) { type, object in
            !isBrief && ofTypes[type.typeName]?.sees(object) == true ? type.served(object) : nil
        }
        writer.append(plain: ",\"revision\":")
        writer.append(revision)
        writer.append(UInt8(ascii: "}"))
        return JSONDocument(canonical: writer.array())
    }

    /// The answer to a dry run: what the commit's would be, without secrets, and what would change.
    ///
    /// - Parameter base: the state before.
    /// - Throws: `overBudget` when too many profiles give a machine its params.
    func dryRun(over base: Snapshot) throws(TrackerError) -> JSONValue {
        let redaction = Redaction(base, and: outcome.snapshot)
        let readAuthorization = EffectAuthorization(call, from: base, to: outcome.snapshot)
        var writer = JSONWriter()
        writeResults(into: &writer) { type, object in
            guard readAuthorization.sees(ObjectID(type.typeName, object.key)) else { return nil }
            return JSONDocument(redaction(type.typeName, PastVersion(object)))
        }
        var report = try EffectReport(outcome.changes, readAuthorization).value(redaction)
        report["results"] = JSONDocument(canonical: writer.array()).value()
        return .object(report)
    }

    private var revision: JSONValue { JSONValue(Int(clamping: outcome.snapshot.revision.number)) }

    /// The object of an operation as it stands after all. Unless others were changed on account of them, changes come in the
    /// order of the operations, which saves looking for it.
    private func last(_ id: ObjectID, at index: Int) -> StoredObject? {
        if index < outcome.changes.count, outcome.changes[index].id == id { return outcome.changes[index].after }
        return outcome.snapshot[id]
    }

    /// For each operation the object, if the caller may get it, as it stands after all; one that is gone again, as it last was.
    private func writeResults(
        into writer: inout JSONWriter, _ shown: (ObjectType, StoredObject) -> JSONDocument?
    ) {
        writer.append(UInt8(ascii: "["))
        for index in operations.indices {
            let (operation, object) = (operations[index], outcome.value[index])
            writer.append(plain: index == 0 ? "{" : ",{")
            let last = last(ObjectID(operation.typeName, object.key), at: index)
            if let last {
                writer.append(plain: "\"etag\":")
                writer.append(quoted: outcome.snapshot.etag(of: last))
                writer.append(UInt8(ascii: ","))
            }
            writer.append(plain: "\"key\":")
            writer.append(quoted: object.key.string)
            if let type = outcome.snapshot.catalog[operation.typeName], let document = shown(type, last ?? object) {
                writer.append(plain: ",\"object\":")
                document.withUnsafeBytes { writer.append($0) }
            }
            writer.append(plain: ",\"op\":")
            writer.append(quoted: operation.action.name)
            writer.append(plain: ",\"type\":")
            writer.append(quoted: operation.typeName.rawValue)
            writer.append(UInt8(ascii: "}"))
        }
        writer.append(UInt8(ascii: "]"))
    }
}

/// What the caller may know of the effects of a commit that has not been made: what could be got before is judged by the state
/// before, what is new by the state after.
struct EffectAuthorization {
    let base: Snapshot
    let result: Snapshot
    private let before: ReadAuthorization
    private let after: ReadAuthorization

    init(_ call: RequestContext, from base: Snapshot, to result: Snapshot) {
        (self.base, self.result) = (base, result)
        (before, after) = (call.readAuthorization(in: base), call.readAuthorization(in: result))
    }

    /// Whether the caller may know what would become of an object.
    func sees(_ id: ObjectID) -> Bool {
        base[id] == nil ? after.sees(id, in: result) : before.sees(id, in: base)
    }
}

/// What a commit that has not been made would change.
struct EffectReport {
    private let changes: [ObjectChange]
    private let readAuthorization: EffectAuthorization

    /// The effects of `changes` that `readAuthorization` shows.
    init(_ changes: [ObjectChange], _ readAuthorization: EffectAuthorization) {
        (self.changes, self.readAuthorization) = (changes, readAuthorization)
    }

    /// Each object that would change, with the difference and what its rules say; what machines' params would become.
    ///
    /// - Throws: `overBudget` when too many profiles give a machine its params.
    func value(_ redaction: Redaction) throws(TrackerError) -> JSONObject {
        [
            "dryRun": true,
            "revision": JSONValue(Int(clamping: readAuthorization.result.revision.number)),
            "changes": .array(changes.filter { readAuthorization.sees($0.id) }.map { change($0, redaction) }),
            "params": try params(redaction),
        ]
    }

    private func change(_ change: ObjectChange, _ redaction: Redaction) -> JSONValue {
        let (before, after) = (PastVersion(change.before), PastVersion(change.after))
        var value: JSONObject = [
            "action": .string(change.action.rawValue), "type": .string(change.id.typeName.rawValue),
            "key": .string(change.id.key.string), "diff": redaction.diff(change.id.typeName, before, after),
        ]
        for (name, field) in [("validated", "Validated"), ("available", "Available"), ("errors", "Errors")] {
            value[name] = change.after?.document.member(field)?.value()
        }
        return .object(value)
    }

    private func params(_ redaction: Redaction) throws(TrackerError) -> JSONValue {
        let effects = try ParamEffects(changes, from: readAuthorization.base, to: readAuthorization.result) {
            readAuthorization.sees(ObjectID("machines", $0))
        }
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
