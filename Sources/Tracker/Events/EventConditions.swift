import Basics
import JSON

/// Conditions on the objects that events are about: `Rack=Eq(12)`, in the language of lists (C §7.2). All must hold.
public struct EventConditions: Sendable {
    /// For each type that has all the fields: the conditions. Events of other types do not pass.
    private let filters: [TypeName: [Filter]]
    private let catalog: Catalog
    /// Whether there are no conditions at all.
    private let isEmpty: Bool

    /// The conditions that `texts`, each a name, `=` and a value or operator, spell.
    ///
    /// - Throws: `badQuery` when no type of the catalog has these fields.
    public init(_ texts: [String], _ catalog: Catalog) throws(TrackerError) {
        isEmpty = texts.isEmpty
        self.catalog = catalog
        var filters: [TypeName: [Filter]] = [:]
        var refusal: TrackerError?
        for type in catalog.visibleTypes where !texts.isEmpty {
            do throws(TrackerError) {
                var conditions: [Filter] = []
                for text in texts { conditions += try Self.filters(text, type) }
                filters[type.typeName] = conditions
            } catch {
                refusal = error
            }
        }
        if filters.isEmpty, let refusal { throw refusal }
        self.filters = filters
    }

    private static func filters(_ text: String, _ type: ObjectType) throws(TrackerError) -> [Filter] {
        guard let equals = text.firstByteIndex(of: "=") else {
            throw TrackerError(.badQuery, "events", "`\(text)` is no condition: write Field=Eq(value)")
        }
        return try Filter.all(String(text[..<equals]), String(text[text.utf8.index(after: equals)...]), type: type)
    }

    /// Whether the object of the event meets the conditions, after it or before: so that those who watch for a condition
    /// also hear that it no longer holds.
    public func hold(of event: Event) -> Bool {
        if isEmpty { return true }
        let id = catalog.id(TypeName(event.type), event.key)
        guard let filters = filters[id.typeName] else { return false }
        for filter in filters { filter.pattern?.begin() }
        return [event.object, event.original].compactMap(\.self).contains { (document: JSONDocument) in
            let object = StoredObject(
                key: id.key, document: document, revision: event.revision ?? .zero, layer: .writable)
            return filters.allSatisfy { $0.holds(of: object, parameter: nil) }
        }
    }
}
