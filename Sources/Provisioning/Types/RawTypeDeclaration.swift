public import Basics
public import JSON
public import Tracker

/// A type of raw objects as a plug-in provider declares it (C §5.3).
public struct RawTypeDeclaration: Sendable, Hashable {
    /// The type's name.
    public let typeName: TypeName
    /// For each field that the provider cares about its JSON schema, with `isrequired: true` if no object may be without it.
    public let properties: JSONObject
    /// The provider.
    public let provider: Identifier

    /// A declaration.
    public init(_ typeName: TypeName, _ properties: JSONObject, provider: String) {
        (self.typeName, self.properties, self.provider) = (typeName, properties, Identifier(provider))
    }

    /// The longest name, in bytes.
    private static let longestName = 64

    /// Why no type can be called so; nil if one can. Names are parts of paths, of events and of claims.
    public var nameProblem: String? {
        let name = typeName.rawValue
        let isLetter: (UInt8) -> Bool = { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        let isOther: (UInt8) -> Bool = {
            $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= Self.longestName,
            name.utf8.allSatisfy({ isLetter($0) || isOther($0) })
        else {
            return "`\(name)` is no name for a type: it takes a letter, and up to 63 letters, digits, - and _ after it"
        }
        return nil
    }

    /// The object type.
    public var type: ObjectType { RawType.make(typeName: typeName, properties: properties) }
}
