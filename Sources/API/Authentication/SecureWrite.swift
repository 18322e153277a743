import Access
import JSON
import Provisioning
import Tracker

/// What a write does to an object's params, to tell whether it takes the right to write secure ones (C §11.3).
struct SecureWrite {
    private let before: JSONObject
    private let after: JSONObject
    private let snapshot: Snapshot

    /// The write that leaves `params` where `object` has its own.
    ///
    /// - Parameter object: nil for a new one.
    init(_ params: JSONObject, to object: StoredObject?, in snapshot: Snapshot) {
        before = object?.params("", nil) ?? [:]
        after = params
        self.snapshot = snapshot
    }

    /// The write of a whole object. Names of fields may be in any case, as they may for the tracker.
    init(whole input: JSONObject, over object: StoredObject?, in snapshot: Snapshot) {
        let params = input.filter { $0.key.asciiLowercased.hasSameUTF8(as: "params") }.compactMap(\.value.objectValue)
        self.init(JSONObject(params.flatMap { $0.map { ($0.key, $0.value) } }), to: object, in: snapshot)
    }

    /// The write of a patch to a whole object; one that does not apply writes nothing.
    init(_ patch: JSONPatch, whole object: StoredObject, in snapshot: Snapshot) {
        let patched = try? patch.apply(to: object.document.value())
        self.init(whole: patched?.objectValue ?? [:], over: object, in: snapshot)
    }

    /// Whether it sets a secure param to what it is not yet.
    var isSecure: Bool { after.contains { before[$0.key] != $0.value && snapshot.isSecure($0.key) } }
}

extension Call {
    /// What the call writes to params of objects of `prefix`; nil if it does not.
    func secureWrite(_ prefix: Prefix) -> SecureWrite? {
        guard tracker.catalog[prefix]?.traits.contains(.params) == true, !snapshot.secureParams.isEmpty else {
            return nil
        }
        let object = snapshot.resolve(prefix, self["key"])
        switch (route.need, body) {
        case (.create, .json(let value)):
            return SecureWrite(whole: value.objectValue ?? [:], over: nil, in: snapshot)
        case (.claim(_, "update"), .json(let value)):
            return SecureWrite(whole: value.objectValue ?? [:], over: object, in: snapshot)
        case (.patch(_, ""), .patch(let patch)):
            return object.map { SecureWrite(patch, whole: $0, in: snapshot) }
        case (.update(_, "Params"), .json(let value)):
            let name = self["name"]
            return SecureWrite(name.isEmpty ? value.objectValue ?? [:] : [name: value], to: object, in: snapshot)
        case (.patch(_, "Params"), .patch(let patch)):
            let patched = try? patch.apply(to: .object(object?.params(prefix, nil) ?? [:]))
            return SecureWrite(patched?.objectValue ?? [:], to: object, in: snapshot)
        default: return nil
        }
    }

    /// Whether the caller may have the sealed params of an object opened.
    func mayDecode(_ holder: ObjectID) -> Bool {
        guard let principal, !principal.isSuperuser else { return true }
        let claim = Claim(holder.prefix.rawValue, "getSecure", holder.key.string)
        return Authorization.decide(principal, claims: [claim]) == .allowed
    }

    /// Lets a list with `decode` pass if the caller may have every row of it opened.
    ///
    /// - Throws: `denied`.
    func authorizeDecoding(_ objects: [StoredObject], of type: ObjectType) throws(AccessError) {
        guard query.isSet("decode"), type.traits.contains(.params) else { return }
        guard let hidden = objects.first(where: { !mayDecode(ObjectID(type.prefix, $0.key)) }) else { return }
        throw .denied(path.target, requires: [Claim(type.prefix.rawValue, "getSecure", hidden.key.string)])
    }

    /// How many sealed values one request may have opened, each of which takes some fifty microseconds.
    static let decodeBudget = WorkBudget(
        20_000, "sealed values to open", remedy: "ask for fewer rows, with limit and offset, or without decode")

    /// Lets a request with `decode` pass if it does not have too many values opened.
    ///
    /// - Throws: `overBudget`.
    func checkDecoding(_ objects: [StoredObject], of type: ObjectType) throws(TrackerError) {
        guard query.isSet("decode"), type.traits.contains(.params) else { return }
        var meter = WorkMeter(Self.decodeBudget)
        let aggregates = query.isSet("aggregate") || query.isSet("compose")
        for object in objects {
            let sources =
                aggregates ? try ParamResolution(of: object, type.prefix, in: snapshot).sources.map(\.object) : [object]
            for source in sources { try meter.spend(source.sealedCount, on: type.prefix, key: object.key.string) }
        }
    }
}

extension StoredObject {
    /// How many params may be sealed, at the most: those that have the last member that boxes have.
    fileprivate var sealedCount: Int {
        var count = 0
        document.member("Params")?.forEachMember { _, value in
            if value.member("Payload") != nil { count += 1 }
        }
        return count
    }
}
