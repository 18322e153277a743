public import Basics
import JSON
public import Tracker

/// The keys of objects that have sealed values, or whose public key somebody asked for.
///
/// They are objects of a type of their own that nobody is told of: kept in the same commits as what they seal, and brought
/// back by history when it brings back an object that was removed. A new object never gets an earlier one's key, since
/// whoever kept one of its boxes could then have it opened.
public enum SealingKeys {
    /// The type's name in the store.
    static let typeName: TypeName = "sealing_keys"

    /// The type that keeps them.
    static let type = ObjectType(
        typeName,
        ObjectSchema(
            "SealingKey",
            [Field("Id", .string), Field("Holder", .string), Field("PrivateKey", .bytes, isHidden: true)]),
        key: .text("Id"), traits: [.internalOnly, .secret], conventions: Conventions())

    /// Where the keys of `holder` are kept: under a digest, as the holder's own key may be as long as any key.
    public static func id(of holder: ObjectID) -> ObjectID {
        var digest = Digest()
        digest.add(holder.typeName.rawValue)
        digest.add(holder.key.bytes)
        return ObjectID(typeName, ByteString(Hexadecimal.encode(digest.bytes)))
    }
}

extension Snapshot {
    /// The keys of an object; nil until there is something to seal for it.
    public func sealingKeys(of holder: ObjectID) -> KeyPair? {
        guard let keys = self[SealingKeys.typeName], keys.count > 0 else { return nil }
        let text = keys[SealingKeys.id(of: holder).key]?.document.member("PrivateKey")?.string
        return text.flatMap(Base64.decode).flatMap(KeyPair.init(privateKey:))
    }

    /// Whether the values of the parameter `name` must be sealed (C §9).
    public func isSecure(_ name: String, _ parameters: ParameterConventions) -> Bool {
        object(parameters.declaredBy, name)?.isSecure(parameters) ?? false
    }

    /// Whether there is any parameter whose values must be sealed.
    func hasSecureParams(_ parameters: ParameterConventions) -> Bool {
        mayHave(parameters.declaredBy, where: .field(parameters.secureFlag), is: true)
    }

    /// The names of all parameters whose values must be sealed.
    public func secureParams(_ parameters: ParameterConventions) -> Set<Identifier> {
        let names = keys(parameters.declaredBy, where: .field(parameters.secureFlag), is: true)
        return Set(names.map { Identifier($0.string) })
    }
}

extension StoredObject {
    /// Of the declaration of a parameter: whether its values must be sealed.
    func isSecure(_ parameters: ParameterConventions) -> Bool {
        document.member(parameters.secureFlag)?.bool ?? false
    }
}

extension Draft {
    /// The keys of an object, made if it has none yet.
    ///
    /// - Throws: as `found`.
    public mutating func sealingKeys(of holder: ObjectID) throws(TrackerError) -> KeyPair {
        if let pair = view.sealingKeys(of: holder) { return pair }
        let pair = KeyPair(environment)
        try createAsServer(
            SealingKeys.typeName,
            [
                "Id": .string(SealingKeys.id(of: holder).key.string), "Holder": .string(holder.description),
                "PrivateKey": .string(Base64.encode(pair.privateKey)),
            ])
        return pair
    }

    /// Takes away the keys of an object, if it has any.
    ///
    /// - Throws: as `remove`.
    mutating func removeSealingKeys(of holder: ObjectID) throws(TrackerError) {
        guard let keys = view[SealingKeys.typeName], keys.count > 0 else { return }
        let id = SealingKeys.id(of: holder)
        if keys[id.key] != nil { try removeAsServer(id.typeName, at: id.key.string) }
    }
}

extension Snapshot {
    /// The sealed values that nobody can open, since the keys of their objects are not in this store: the object, and the
    /// parameter's name.
    ///
    /// - Parameter limit: how many are named at the most.
    public func lostSealedValues(limit: Int) -> [String] {
        var lost: [String] = []
        for type in catalog.types {
            guard let parameters = type.parameters, let table = self[type.typeName] else { continue }
            table.forEachObject { object in
                guard object.layer == .writable else { return true }
                let holder = ObjectID(type.typeName, object.key)
                for (name, value) in object.object[parameters.field]?.objectValue ?? [:]
                where SecureData.isSealed(value) && isSecure(name, parameters) && sealingKeys(of: holder) == nil {
                    lost.append("\(holder): \(name)")
                }
                return lost.count < limit
            }
        }
        return Array(lost.prefix(limit))
    }
}
