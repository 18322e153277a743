import Basics
import JSON

/// The intervals of one declaration at one state.
///
/// Queries name the resource by the text that a filter on its field would have; one that cannot be of the field's kind has no
/// intervals. All are bounded: those for lists answer at most `limit` matches, from which the next page begins.
public struct Intervals: Sendable {
    /// What is indexed.
    public let declaration: IntervalDeclaration
    let index: IntervalIndex

    /// The number of intervals of a resource.
    public func count(of resource: String) -> Int { tree(of: resource).count }

    /// The intervals that have a point in common with [`start`, `end`), in the order of their starts; O((1 + matches) log n).
    ///
    /// - Parameters:
    ///   - end: nil for no end.
    ///   - last: the match that the page before ended with; nil for the first page.
    ///   - limit: the most matches wanted.
    public func overlapping(
        _ resource: String, from start: IntervalPoint, upTo end: IntervalPoint?, after last: IntervalMatch? = nil,
        limit: Int
    ) -> [IntervalMatch] {
        var matches: [IntervalMatch] = []
        guard limit > 0 else { return matches }
        let after = last.map { IntervalEntry.key(start: $0.start.position, object: $0.key) }
        let high = end?.position ?? ObjectInterval.openEnd
        tree(of: resource).forEachOverlap(from: start.position, upTo: high, after: after) { entry in
            matches.append(entry.pointee.match)
            return matches.count < limit
        }
        return matches
    }

    /// The intervals that `point` is in, in the order of their starts; O((1 + matches) log n).
    ///
    /// - Parameters:
    ///   - last: the match that the page before ended with; nil for the first page.
    ///   - limit: the most matches wanted.
    public func containing(
        _ resource: String, _ point: IntervalPoint, after last: IntervalMatch? = nil, limit: Int
    ) -> [IntervalMatch] {
        let next = IntervalPoint(position: point.position + 1)
        return overlapping(resource, from: point, upTo: next, after: last, limit: limit)
    }

    /// The first slot of `length` at or after `start` in which no interval holds the resource; O(log n) and the intervals passed.
    ///
    /// - Parameter limit: how many intervals to pass at the most; then the answer says where to go on.
    public func firstFree(
        _ resource: String, from start: IntervalPoint, length: IntervalLength, limit: Int = 10_000
    ) -> FreeSlot {
        tree(of: resource).firstFree(from: start.position, length: length.extent, limit: limit)
    }

    private func tree(of resource: String) -> OrderedTree<IntervalEntry> {
        IndexReader.value(ofText: resource, declaration.resource.kind).map { index[$0] } ?? OrderedTree()
    }
}

extension Snapshot {
    /// The intervals of the objects of a type that it declares under `name`; nil if there is no such type or declaration.
    public func intervals(_ typeName: TypeName, _ name: String) -> Intervals? {
        guard let table = self[typeName] else { return nil }
        let position = table.type.intervals.firstIndex { $0.name.hasSameUTF8(as: name) }
        return position.map { Intervals(declaration: table.type.intervals[$0], index: table.intervals[$0]) }
    }
}
