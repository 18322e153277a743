import JSON
import Tracker

/// Finds the objects of a type of which a condition on a variable holds (F §6).
///
/// The condition is judged once for each place that hands the variable on. What a list costs follows from the rows that it
/// looks at, and where few match, from those alone: they lie below the places whose values match, which the index of
/// what is in variables finds.
struct VariableSearch {
    private let condition: VariableCondition
    private let snapshot: Snapshot
    private let typeName: TypeName
    private let isInherited: Bool
    /// The index that has the places whose values may match, and the terms that it has them under.
    private let source: IndexDeclaration.Source
    private let terms: [String]
    /// What is known of the places around objects.
    private var verdicts: [ObjectID: Verdict] = [:]

    /// What a place says of the condition.
    private enum Verdict { case silent, matching, other }

    /// - Parameter isInherited: whether variables that objects are handed count.
    init(_ condition: VariableCondition, _ snapshot: Snapshot, _ typeName: TypeName, isInherited: Bool) {
        (self.condition, self.snapshot, self.typeName) = (condition, snapshot, typeName)
        self.isInherited = isInherited && VariableScope.inherit.contains(typeName)
        let leaves = condition.leaf.map { LeafTerms.texts(of: condition.path.name, holding: $0) }
        source = leaves == nil ? .field("variables") : .leaves(field: "variables")
        terms = leaves ?? [condition.path.name]
    }

    /// Whether the condition holds of what an object has: of the nearest value that there is.
    mutating func holds(of object: StoredObject) -> Bool {
        let own = verdict(VariableScope(typeName: typeName, object: object))
        if own != .silent || !isInherited { return own == .matching }
        for scope in snapshot.variableScopes(of: object, typeName).dropFirst() {
            let id = ObjectID(scope.typeName, scope.object.key)
            let known = verdicts[id] ?? verdict(scope)
            verdicts[id] = known
            if known != .silent { return known == .matching }
        }
        return false
    }

    /// The keys of all objects of which the condition may hold, ascending, if there are fewer than `limit`; nil if there
    /// are more, or finding them would take a look at more.
    mutating func candidates(fewerThan limit: Int) -> [ByteString]? {
        let places =
            isInherited ? [FleetTypes.devices, FleetTypes.labels] + VariableScope.outer.map(\.target) : [typeName]
        var found: Set<ByteString> = []
        var looks = 0
        for place in places {
            for term in terms { looks += snapshot.rowCount(place, where: source, spelled: term) }
            guard looks < limit else { return nil }
            for key in terms.flatMap({ snapshot.keys(place, where: source, is: $0) }) {
                guard let object = snapshot[ObjectID(place, key)] else { continue }
                guard verdict(VariableScope(typeName: place, object: object)) == .matching else { continue }
                guard addObjects(in: ObjectID(place, key), to: &found, fewerThan: limit) else { return nil }
            }
        }
        return found.sorted()
    }

    /// Adds the objects that a place hands variables on to.
    ///
    /// - Returns: false if that makes too many.
    private func addObjects(in place: ObjectID, to found: inout Set<ByteString>, fewerThan limit: Int) -> Bool {
        if place.typeName == typeName { found.insert(place.key) }
        guard isInherited, found.count < limit else { return found.count < limit }
        if place.typeName == FleetTypes.devices {
            guard typeName == FleetTypes.devices else { return true }
            let below = snapshot.descendants(of: place.key, fewerThan: limit - found.count)
            found.formUnion(below ?? [])
            return below != nil && found.count < limit
        }
        if place.typeName == FleetTypes.labels { return addLabelled(place, to: &found, fewerThan: limit) }
        guard let field = VariableScope.outer.first(where: { $0.target == place.typeName })?.field else { return true }
        let count = snapshot.rowCount(typeName, where: .field(field), spelled: place.key.string)
        guard found.count + count < limit else { return false }
        found.formUnion(snapshot.keys(typeName, where: .field(field), names: place))
        return true
    }

    /// Adds the devices that have a label. It hands nothing on to those below them.
    private func addLabelled(_ place: ObjectID, to found: inout Set<ByteString>, fewerThan limit: Int) -> Bool {
        guard typeName == FleetTypes.devices, let label = snapshot[place]?.document.member("label")?.string else {
            return true
        }
        let count = snapshot.rowCount(typeName, where: .field("labels"), spelled: label)
        guard found.count + count < limit else { return false }
        found.formUnion(snapshot.keys(typeName, where: .field("labels"), is: label))
        return true
    }

    private func verdict(_ scope: VariableScope) -> Verdict {
        guard let value = scope.value(condition.path.name) else { return .silent }
        return condition.holds(of: value.value()) ? .matching : .other
    }
}

extension Snapshot {
    /// The keys of all devices below a device, however far; nil if there are `limit` or more.
    func descendants(of key: ByteString, fewerThan limit: Int = .max) -> [ByteString]? {
        var (found, next): ([ByteString], Int) = ([], 0)
        var above = key
        while true {
            found += keys(FleetTypes.devices, where: .field("parent_id"), names: ObjectID(FleetTypes.devices, above))
            guard found.count < limit else { return nil }
            guard next < found.count else { return found }
            above = found[next]
            next += 1
        }
    }
}
