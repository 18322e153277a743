public import JSON
public import Tracker

/// What a list of the inventory is asked for (F §4).
public struct FleetQuery: Sendable {
    /// A field and the value that it must have; of a list of texts, one that it must hold.
    public struct Condition: Sendable {
        /// The field.
        public let field: String
        /// The value.
        public let value: JSONValue

        /// The condition that `field` is `value`.
        public init(_ field: String, _ value: JSONValue) { (self.field, self.value) = (field, value) }
    }

    /// The type of the objects.
    public let typeName: TypeName
    /// All must hold.
    public var conditions: [Condition] = []
    /// All must hold of variables.
    public var variables: [VariableCondition] = []
    /// Whether variables that objects are handed count.
    public var countsInherited = true
    /// The device below which all must be, however far; nil for no such limit.
    public var ancestor: Int?
    /// A text that names must be like, with `%` for any text and `_` for any character; nil for none.
    public var likeName: String?
    /// The columns to sort by.
    public var sort = FleetOrder()
    /// How many rows to give; nil for all.
    public var limit: Int? = 30
    /// The key of the row that the page begins behind; nil for the first page.
    public var marker: ByteString?

    /// All objects of a type.
    public init(_ typeName: TypeName) { self.typeName = typeName }
}

/// The rows of a page, and the marker of the page before.
public struct FleetPage: Sendable {
    /// The rows in order.
    public let rows: [StoredObject]
    /// Behind which row the page before begins; nil if that is the first page.
    public let previousMarker: ByteString?

    /// A page.
    public init(rows: [StoredObject], previousMarker: ByteString?) {
        (self.rows, self.previousMarker) = (rows, previousMarker)
    }
}

/// The order of a list.
public struct FleetOrder: Sendable {
    /// The columns, the first counts most. Ties are in the order of numbers.
    public var columns: [String]
    /// Whether the last row comes first.
    public var isDescending: Bool

    /// An order.
    public init(_ columns: [String] = ["created_at", "id"], isDescending: Bool = false) {
        (self.columns, self.isDescending) = (columns, isDescending)
    }

    /// Whether it is that of keys: objects are numbered in the order in which they are made. Projects have no numbers.
    func isOrderOfKeys(_ typeName: TypeName) -> Bool {
        guard let first = columns.first else { return true }
        if first.utf8.elementsEqual("id".utf8) { return true }
        guard typeName != FleetTypes.projects, first.utf8.elementsEqual("created_at".utf8) else { return false }
        return columns.count == 1 || columns[1].utf8.elementsEqual("id".utf8)
    }
}
