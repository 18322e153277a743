import Basics
import Fleet
import JSON
import Tracker

/// What is the same in the texts of all objects of a collection: the members in order, and what stands between their values.
///
/// What is looked at for each member of each object holds no references: counting them would take longer than the copying.
struct ObjectTextLayout {
    /// Where the value of a member comes from.
    enum Source {
        /// From the object's member of that name.
        case column
        /// The same, the number of another object.
        case reference
        /// The link to what a device is in.
        case up
        /// A user's key, which is kept sealed.
        case apiKey
        /// The object's variables, with or without those that are handed on to it.
        case variables
        /// The value is given, the same for all objects: by its place among those.
        case given(Int)
    }

    /// A member.
    struct Member {
        let source: Source
        /// Where in ``text`` its name is.
        let name: Range<Int>
        /// Where in ``text`` is what stands before its value: a line, its name and a colon.
        let start: Range<Int>
    }

    let kind: FleetKind
    let margin: Int
    /// The members in the order of their names.
    let members: [Member]
    /// Names, and what stands before values.
    let text: [UInt8]
    /// The values that do not depend on the object.
    let given: [JSONValue]

    /// The layout of the objects of a collection.
    static func of(_ resource: FleetResource, hasVariables: Bool, given: JSONObject, margin: Int) -> ObjectTextLayout {
        let known = given.isEmpty ? all[Key(kind: resource.kind, hasVariables: hasVariables, margin: margin)] : nil
        return known ?? ObjectTextLayout(resource, hasVariables: hasVariables, given: given, margin: margin)
    }

    /// What layouts without given members follow from.
    private struct Key: Hashable {
        let kind: FleetKind
        let hasVariables: Bool
        let margin: Int
    }

    /// The layouts of single objects, and of the rows of lists, those of devices further in.
    private static let all: [Key: ObjectTextLayout] = {
        var layouts: [Key: ObjectTextLayout] = [:]
        for resource in FleetResource.all {
            for margin in [0, 4, 6] {
                for hasVariables in [false, true] {
                    layouts[Key(kind: resource.kind, hasVariables: hasVariables, margin: margin)] = ObjectTextLayout(
                        resource, hasVariables: hasVariables, given: [:], margin: margin)
                }
            }
        }
        return layouts
    }()

    private init(_ resource: FleetResource, hasVariables: Bool, given: JSONObject, margin: Int) {
        (kind, self.margin, self.given) = (resource.kind, margin, given.values)
        var sources: [(name: String, source: Source)] = []
        for (place, name) in given.keys.enumerated() { sources.append((name, .given(place))) }
        var others = resource.columns
        if resource.kind.isDevice { others.append("links") }
        if hasVariables { others.append("variables") }
        for name in others where given[name] == nil { sources.append((name, Self.source(name, resource.kind))) }
        sources.sort { $0.name.precedesInUTF8($1.name) }
        var (members, text): ([Member], [UInt8]) = ([], [])
        for (name, source) in sources {
            let start = text.count
            text += "\(start > 0 ? "," : "")\n\(String(repeating: " ", count: margin + 2))\"".utf8
            let place = text.count..<text.count + name.utf8.count
            text += "\(name)\": ".utf8
            members.append(Member(source: source, name: place, start: start..<text.count))
        }
        (self.members, self.text) = (members, text)
    }

    /// The place of a member; nil if there is none of the name.
    func place(of name: String) -> Int? {
        members.firstIndex { text[$0.name].elementsEqual(name.utf8) }
    }

    private static func source(_ name: String, _ kind: FleetKind) -> Source {
        if kind == .user, name.hasSameUTF8(as: "api_key") { return .apiKey }
        if kind.isDevice, name.hasSameUTF8(as: "links") { return .up }
        if name.hasSameUTF8(as: "variables") { return .variables }
        return name.hasByteSuffix("_id") && !["vlan_id", "project_id"].contains(bytesOf: name) ? .reference : .column
    }

    /// Calls `body` with each member, what stands before its value, and all values that a document has of the members, no bytes
    /// where it has none: one walk along the document's members, which are in the same order.
    @inline(__always)
    func forEachMember(
        of document: UnsafeRawBufferPointer,
        _ body: (Source, _ place: Int, _ start: UnsafeRawBufferPointer, UnsafeBufferPointer<UnsafeRawBufferPointer>) ->
            Void
    ) {
        text.withUnsafeBytes { text in
            members.withUnsafeBufferPointer { members in
                withUnsafeTemporaryAllocation(of: UnsafeRawBufferPointer.self, capacity: members.count) { values in
                    values.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
                    var next = 0
                    JSONScan.forEachMember(of: document) { key, value in
                        while next < members.count {
                            let order = text.part(members[next].name).compareBytes(to: key)
                            if order > 0 { break }
                            if order == 0 { values[next] = value }
                            next &+= 1
                        }
                        return next < members.count
                    }
                    let found = UnsafeBufferPointer(values)
                    for place in members.indices {
                        body(members[place].source, place, text.part(members[place].start), found)
                    }
                }
            }
        }
    }
}
