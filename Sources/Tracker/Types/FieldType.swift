import Basics
public import JSON

/// What a field's JSON must look like, and what it is when the client leaves it out.
///
/// Nothing is ever missing from an object (C §2): an absent or null list is `[]`, an absent map `{}`, an absent time the year 1,
/// an absent address or UUID the empty string.
public indirect enum FieldType: Sendable {
    /// Text.
    case string
    /// `true` or `false`.
    case boolean
    /// A whole number of 64 bits.
    case integer
    /// A whole number from 0 to 255.
    case byte
    /// An RFC 3339 time.
    case time
    /// An IPv4 or IPv6 address, or the empty string.
    case address
    /// A hardware address as ``MACAddress`` spells it; other text stays, for rules to judge.
    case hardwareAddress
    /// A UUID in canonical text, or the empty string.
    case uuid
    /// Bytes in base64.
    case bytes
    /// Any JSON value at all; absent is null.
    case any
    /// A list of one shape.
    case list(FieldType)
    /// An object whose values have one shape.
    case map(FieldType)
    /// An object with declared fields.
    case record(ObjectSchema)

    /// The value of an absent field.
    public var zero: JSONValue {
        switch self {
        case .string, .address, .hardwareAddress, .uuid, .bytes: ""
        case .boolean: false
        case .integer, .byte: 0
        case .time: .string(Timestamp.zero.description)
        case .any: .null
        case .list: .array([])
        case .map: .object([:])
        case .record(let record): .object(record.zero)
        }
    }
}

/// A JSON object with declared fields, in the order of their names.
public struct ObjectSchema: Sendable {
    /// The schema's name, for messages.
    public let name: String
    /// The fields, sorted bytewise by name.
    public let fields: [Field]
    /// Whether members that no field declares are kept.
    public let isOpen: Bool
    /// What an absent object of this shape is.
    public let zero: JSONObject

    /// Sets what depends on other fields, after decoding and before any check (C §4.3).
    let fill: (@Sendable (inout JSONObject) -> Void)?

    /// What is to be known of each field to admit an object, in the order of `fields`.
    let slots: [Slot]
    /// All fields as they are when absent, in the same order.
    let names: JSONObject
    /// An object that clients say nothing of, before `fill`: the fields that are not left out.
    let blank: JSONObject

    private let positions: [Identifier: Int]
    private let foldedPositions: [Identifier: Int]

    /// A record of `fields`.
    ///
    /// - Parameters:
    ///   - name: the schema's name, for messages.
    ///   - fields: in any order; two of one name are a programmer error.
    ///   - isOpen: keeps undeclared members instead of dropping them.
    ///   - fill: sets what depends on other fields, after decoding and before any check; applied twice, it must change
    ///     nothing the second time.
    public init(
        _ name: String, _ fields: [Field], isOpen: Bool = false, fill: (@Sendable (inout JSONObject) -> Void)? = nil
    ) {
        let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.name = name
        self.fields = sorted
        self.isOpen = isOpen
        let present = sorted.filter { !$0.omitsEmpty }
        slots = sorted.map { field in
            Slot(field, place: present.count { $0.name.utf8.lexicographicallyPrecedes(field.name.utf8) })
        }
        names = JSONObject(sorted.map { ($0.name, $0.initial) })
        blank = JSONObject(present.map { ($0.name, $0.initial) })
        positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { (Identifier($1.name), $0) })
        foldedPositions = Dictionary(
            sorted.enumerated().map { (Identifier($1.name.asciiLowercased), $0) },
            uniquingKeysWith: { first, _ in first })
        var zero = blank
        fill?(&zero)
        self.zero = zero
        self.fill = fill
    }

    /// The position of the field that `name` means: exactly, or else without regard to the case of ASCII letters.
    func position(of name: String) -> (index: Int, isExact: Bool)? {
        if let exact = positions[Identifier(name)] { return (exact, true) }
        return foldedPositions[Identifier(name.asciiLowercased)].map { ($0, false) }
    }

    /// The field named exactly `name`.
    public func field(_ name: String) -> Field? { positions[Identifier(name)].map { fields[$0] } }
}
