public import JSON

/// Declares that objects of a type hold a resource for a time: a booking of a room, a hire of an address, a shift of a person.
///
/// The tracker keeps an index of the intervals by resource, and refuses overlaps where the declaration forbids them. Intervals are
/// half-open, [start, end): one may begin when another ends. An object has no interval if it has no resource, no start, or an
/// end that is not after its start, or if `condition` does not hold of it.
public struct IntervalDeclaration: Sendable {
    /// The name that queries use, one of its own among the type's interval indexes.
    public let name: String
    /// The field that holds the resource, or several of them in a list, each of which is held for the whole interval.
    public let resource: IndexDeclaration
    /// The top-level field of the start; the object has no interval where it is absent, null, or the zero time.
    public let start: String
    /// The top-level field of the end; the interval is open where it is absent, null, zero, or the zero time.
    public let end: String
    /// What the two fields hold.
    public let axis: IntervalAxis
    /// Which objects have an interval at all.
    public let condition: IntervalCondition
    /// Whether no two intervals of one resource may overlap, as far as both objects fulfil the condition.
    public let forbidsOverlap: Bool

    /// Declares an interval index.
    ///
    /// - Parameters:
    ///   - name: what queries call it.
    ///   - resource: where the values are that the intervals belong to.
    ///   - kind: what these values are.
    ///   - start: the field of the start.
    ///   - end: the field of the end.
    ///   - axis: what those two fields hold.
    ///   - condition: which objects count, by default all.
    ///   - forbidsOverlap: whether two that overlap are refused.
    public init(
        _ name: String, of resource: IndexDeclaration.Source, _ kind: IndexDeclaration.Kind = .string,
        from start: String,
        to end: String, _ axis: IntervalAxis = .time, where condition: IntervalCondition = .always,
        forbidsOverlap: Bool = false
    ) {
        self.name = name
        self.resource = IndexDeclaration(name, kind, source: resource)
        self.start = start
        self.end = end
        self.axis = axis
        self.condition = condition
        self.forbidsOverlap = forbidsOverlap
    }
}

/// Says of which objects something holds, by the value of one top-level field.
public struct IntervalCondition: Sendable {
    private enum Test: Sendable {
        case always
        case isOneOf(String, Set<[UInt8]>)
        case isNoneOf(String, Set<[UInt8]>)
    }

    private let test: Test

    /// Holds of all objects.
    public static let always = IntervalCondition(test: .always)

    /// Holds of objects whose `field` is one of `values`; a field that is absent is none of them.
    public static func field(_ field: String, isOneOf values: [JSONValue]) -> IntervalCondition {
        IntervalCondition(test: .isOneOf(field, bytes(values)))
    }

    /// Holds of objects whose `field` is none of `values`, those without the field among them.
    public static func field(_ field: String, isNoneOf values: [JSONValue]) -> IntervalCondition {
        IntervalCondition(test: .isNoneOf(field, bytes(values)))
    }

    /// Whether it holds of the object whose canonical text this is.
    func holds(of text: UnsafeRawBufferPointer) -> Bool {
        switch test {
        case .always: true
        case .isOneOf(let field, let values): Self.isAmong(values, JSONScan.member(field, of: text))
        case .isNoneOf(let field, let values): !Self.isAmong(values, JSONScan.member(field, of: text))
        }
    }

    private static func bytes(_ values: [JSONValue]) -> Set<[UInt8]> { Set(values.map { JSONDocument($0).bytes }) }

    private static func isAmong(_ values: Set<[UInt8]>, _ value: UnsafeRawBufferPointer?) -> Bool {
        value.map { values.contains(Array($0)) } ?? false
    }
}
