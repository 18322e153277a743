import Basics
public import JSON
public import Provisioning
public import Store
import Tracker

/// What a plug-in provider says of itself when it is asked to `define` (C §5.3, §18).
public struct ProviderDefinition: Sendable {
    /// The provider's object, as it is kept.
    public let object: JSONObject

    /// The definition that an object of the type `plugin_providers` holds.
    init(_ object: JSONObject) { self.object = object }

    /// The version of the protocol that is spoken here.
    private static let protocolVersion = 4

    /// The definition that a program has written.
    ///
    /// - Parameter name: what the provider is to be called.
    /// - Throws: what is wrong with it.
    init(_ output: [UInt8], named name: String) throws(ProgramError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: output) } catch {
            throw ProgramError("its definition is no JSON: \(error)")
        }
        guard case .object(var object) = value else { throw ProgramError("its definition is no object") }
        let own = object["Name"]?.stringValue ?? ""
        guard own.hasSameUTF8(as: name) else { throw ProgramError("it calls itself `\(own)`, and not `\(name)`") }
        let version = object["PluginVersion"]?.intValue ?? 0
        guard version == Self.protocolVersion else {
            throw ProgramError("it speaks version \(version) of the plug-in protocol, and this server version 4")
        }
        let actions = (object["AvailableActions"]?.arrayValue ?? []).map { value -> JSONValue in
            AvailableAction(value, of: name).value
        }
        guard !actions.contains(where: { $0["Command"]?.stringValue?.isEmpty ?? true }) else {
            throw ProgramError("one of its actions has no Command")
        }
        object["AvailableActions"] = .array(actions)
        self.object = object
    }

    /// The name.
    public var name: String { object["Name"]?.stringValue ?? "" }

    /// Whether it wants to be told of events.
    var hasPublish: Bool { object["HasPublish"]?.boolValue ?? false }

    /// Whether a plug-in of its name is to be there from the start.
    var isAutoStarting: Bool { object["AutoStart"]?.boolValue ?? false }

    /// The params that its plug-ins cannot do without.
    var requiredParams: [String] { (object["RequiredParams"]?.arrayValue ?? []).compactMap(\.stringValue) }

    /// The actions that its plug-ins offer.
    var actions: [AvailableAction] {
        (object["AvailableActions"]?.arrayValue ?? []).map { AvailableAction($0, of: name) }
    }

    /// The content pack that comes with it, in YAML; empty if there is none.
    var content: String { object["Content"]?.stringValue ?? "" }

    /// The types of objects that it brings.
    public var rawTypes: [RawTypeDeclaration] {
        (object["StoreObjects"]?.objectValue ?? [:]).map { typeName, properties in
            RawTypeDeclaration(TypeName(typeName), properties.objectValue ?? [:], provider: name)
        }
    }
}

extension ProviderDefinition {
    private static let typeName: TypeName = "plugin_providers"

    /// The providers that a store holds, in the order of their names: what types there are, and part of the content, follows
    /// from them before the store is loaded.
    ///
    /// - Throws: why the store cannot be read.
    public static func all(in store: any KeyValueStore) throws(StoreError) -> [ProviderDefinition] {
        var found: [ProviderDefinition] = []
        let start = StoredEntry.key(of: ObjectID(typeName, ByteString("")))
        try store.scan(.data, from: start, upTo: nil) { (key, value) throws(StoreError) in
            guard Array(key.prefix(start.count)) == start else { return false }
            if let document = StoredEntry.parts(of: Array(value))?.document, let object = document.value().objectValue {
                found.append(ProviderDefinition(object))
            }
            return true
        }
        return found
    }
}
