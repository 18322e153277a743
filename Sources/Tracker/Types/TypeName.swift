import Basics
import JSON

/// The name of an object type as it stands in URLs, events and packs: `users` (C §5).
public struct TypeName: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The text of the type name.
    public let rawValue: String

    /// A prefix of any text; whether a type has it is the catalog's knowledge.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A prefix of any text.
    public init(_ text: String) { rawValue = text }

    /// A prefix written in source.
    public init(stringLiteral value: String) { rawValue = value }

    /// The text of the type name.
    public var description: String { rawValue }

    /// The singular, as people say it: `widget` of `widgets`; nil if the name is none that has one.
    public var singular: String? {
        if rawValue.hasByteSuffix("ies") { return rawValue.dropLast(3) + "y" }
        return rawValue.hasByteSuffix("s") ? String(rawValue.dropLast()) : nil
    }

    /// Alphabetical order, as `GET /objects` lists them.
    public static func < (left: TypeName, right: TypeName) -> Bool { left.rawValue.precedesInUTF8(right.rawValue) }

    /// Whether both are the same bytes.
    public static func == (left: TypeName, right: TypeName) -> Bool { left.rawValue.hasSameUTF8(as: right.rawValue) }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(Identifier(rawValue)) }
}

/// One object's address: its type and its key.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    /// The object's type.
    public let typeName: TypeName
    /// The object's primary key.
    public let key: ByteString

    /// The object of type `typeName` under `key`.
    public init(_ typeName: TypeName, _ key: ByteString) {
        self.typeName = typeName
        self.key = key
    }

    /// `users/rob`, as logs and messages name it.
    public var description: String { "\(typeName)/\(key)" }
}

/// The number of a commit; one commit, one change set, one frame of events. Zero is the empty tracker.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number; commits count upwards from one.
    public let number: UInt64

    /// The revision of that number.
    public init(_ number: UInt64) { self.number = number }

    /// The state before the first commit.
    public static let zero = Revision(0)

    /// The revision of the next commit.
    public var next: Revision { Revision(number + 1) }

    /// The number in decimal.
    public var description: String { String(number) }

    /// The order of commits.
    public static func < (left: Revision, right: Revision) -> Bool { left.number < right.number }
}
