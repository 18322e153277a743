import Basics
import Fleet
import JSON
import Tracker

/// What is the same in the texts of all objects of a collection: the members in order, and what stands between their values.
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
        /// The value is the same whatever the object.
        case given(JSONValue)
    }

    let kind: FleetKind
    let margin: Int
    /// The members in the order of their names.
    let sources: [Source]
    /// What stands before the value of each: a line, its name and a colon.
    let starts: [[UInt8]]
    private let names: [[UInt8]]

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
        (kind, self.margin) = (resource.kind, margin)
        var members: [(name: String, source: Source)] = []
        for (name, value) in given { members.append((name, .given(value))) }
        var others = resource.columns
        if resource.kind.isDevice { others.append("links") }
        if hasVariables { others.append("variables") }
        for name in others where given[name] == nil { members.append((name, Self.source(name, resource.kind))) }
        members.sort { $0.name.precedesInUTF8($1.name) }
        let blanks = String(repeating: " ", count: margin + 2)
        sources = members.map(\.source)
        names = members.map { Array($0.name.utf8) }
        starts = members.enumerated().map { Array("\($0 > 0 ? "," : "")\n\(blanks)\"\($1.name)\": ".utf8) }
    }

    /// The place of a member; nil if there is none of the name.
    func place(of name: String) -> Int? { names.firstIndex { $0.elementsEqual(name.utf8) } }

    private static func source(_ name: String, _ kind: FleetKind) -> Source {
        if kind == .user, name.hasSameUTF8(as: "api_key") { return .apiKey }
        if kind.isDevice, name.hasSameUTF8(as: "links") { return .up }
        if name.hasSameUTF8(as: "variables") { return .variables }
        return name.hasByteSuffix("_id") && !["vlan_id", "project_id"].contains(bytesOf: name) ? .reference : .column
    }

    /// Lends the values that a document has of the members, no bytes where it has none: one walk along its members, which are in
    /// the same order.
    @inline(__always)
    func withMembers(
        of text: UnsafeRawBufferPointer, _ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: UnsafeRawBufferPointer.self, capacity: names.count) { members in
            members.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
            var next = 0
            JSONScan.forEachMember(of: text) { key, value in
                while next < names.count {
                    let order = names[next].withUnsafeBytes { $0.compareBytes(to: key) }
                    if order > 0 { break }
                    if order == 0 { members[next] = value }
                    next += 1
                }
                return next < names.count
            }
            body(UnsafeBufferPointer(members))
        }
    }
}

/// The one link of a device: to the device above it, or else to its cell, or its region.
struct UpLink {
    /// The places of the members that name those, the nearest first, and the collections that they are in.
    private let outer: [(place: Int, collection: [UInt8])]
    private let start: [UInt8]
    private let end: [UInt8]

    init(_ layout: ObjectTextLayout, origin: String) {
        outer = [("parent_id", "hosts/"), ("cell_id", "cells/"), ("region_id", "regions/")].compactMap { name, path in
            layout.place(of: name).map { ($0, Array(path.utf8)) }
        }
        let blanks = String(repeating: " ", count: layout.margin + 2)
        let base = JSONValue.string("\(origin)/v1/").asciiPrettyBytes().dropLast()
        start = Array("[\n\(blanks)  {\n\(blanks)    \"href\": ".utf8) + base
        end = Array("\",\n\(blanks)    \"rel\": \"up\"\n\(blanks)  }\n\(blanks)]".utf8)
    }

    func append(
        _ members: UnsafeBufferPointer<UnsafeRawBufferPointer>, _ snapshot: Snapshot, to output: inout JSONWriter
    ) {
        output.append(start)
        for (place, collection) in outer {
            let number = members[place]
            guard !number.isEmpty, !number.elementsEqual("0".utf8) else { continue }
            let isSwitch = collection == outer[0].collection && Self.isNetworkDevice(number, snapshot)
            output.append(isSwitch ? Array("network-devices/".utf8) : collection)
            output.append(number)
            break
        }
        output.append(end)
    }

    private static func isNetworkDevice(_ number: UnsafeRawBufferPointer, _ snapshot: Snapshot) -> Bool {
        snapshot.object(FleetTypes.devices, String(decoding: number, as: UTF8.self))?.deviceKind == .networkDevice
    }
}

extension JSONWriter {
    /// Appends bytes.
    @inline(__always)
    mutating func append(_ bytes: [UInt8]) { bytes.span.bytes.withUnsafeBytes { append($0) } }
}
