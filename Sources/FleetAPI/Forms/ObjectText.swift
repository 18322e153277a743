import Basics
import Fleet
import JSON
import Tracker

/// Writes objects of the inventory as clients see them (F §3), from the bytes that are kept: what clients see as it is kept is
/// copied, not decoded.
struct ObjectText {
    /// Which variables an object is shown with.
    enum Variables {
        case none
        case own
        case resolved
    }

    private let variables: Variables
    private let call: FleetCall
    /// The state that has the objects, what they refer to, and what hands variables on to them.
    private let snapshot: Snapshot
    private let layout: ObjectTextLayout
    /// Of devices: the link to what one is in.
    private let up: UpLink?
    /// The caller's rights to variables in the project that was asked about last.
    private var known: (project: String, rights: VariableRights)?

    /// The text of objects of a collection.
    ///
    /// - Parameters:
    ///   - snapshot: the state that has the objects; nil for the one that the call is answered from.
    ///   - given: members that are not read from objects, and their values.
    ///   - margin: how many blanks all lines begin with but the first.
    init(
        _ resource: FleetResource, _ call: FleetCall, in snapshot: Snapshot? = nil, _ variables: Variables = .none,
        given: JSONObject = [:], margin: Int = 0
    ) {
        (self.call, self.snapshot, self.variables) = (call, snapshot ?? call.snapshot, variables)
        layout = .of(resource, hasVariables: variables != .none, given: given, margin: margin)
        up = resource.kind.isDevice ? UpLink(layout, origin: call.origin) : nil
    }

    /// The text of one object.
    mutating func bytes(_ object: StoredObject) -> [UInt8] {
        var output = JSONWriter()
        append(object, to: &output)
        output.append(UInt8(ascii: "\n"))
        return output.array()
    }

    /// Appends the text of an object.
    mutating func append(_ object: StoredObject, to output: inout JSONWriter) {
        // Neither the document nor the text is reached by the closure otherwise.
        var copy = self
        object.document.withUnsafeBytes { text in
            layout.withMembers(of: text) { members in
                output.append(UInt8(ascii: "{"))
                for place in members.indices {
                    output.append(layout.starts[place])
                    copy.append(place, members, object, to: &output)
                }
                output.startLine(layout.margin)
                output.append(UInt8(ascii: "}"))
            }
        }
        known = copy.known
    }

    /// Appends the value of a member.
    private mutating func append(
        _ place: Int, _ members: UnsafeBufferPointer<UnsafeRawBufferPointer>, _ object: StoredObject,
        to output: inout JSONWriter
    ) {
        let (value, margin) = (members[place], layout.margin + 2)
        switch layout.sources[place] {
        case .column where value.isEmpty: output.append(plain: "null")
        case .column: output.appendASCIIPretty(value, margin: margin)
        // Numbers that stand for no object are kept as zero, and shown as null.
        case .reference where value.isEmpty || value.elementsEqual("0".utf8): output.append(plain: "null")
        case .reference: output.append(value)
        case .up: up?.append(members, snapshot, to: &output)
        case .apiKey:
            output.appendASCIIPretty(snapshot.apiKey(of: object).map { JSONValue.string($0) } ?? .null)
        case .variables: appendVariables(value, object, to: &output, margin: margin)
        case .given(let value): output.appendASCIIPretty(value, margin: margin)
        }
    }

    /// Appends those of an object's variables that the caller may read.
    private mutating func appendVariables(
        _ own: UnsafeRawBufferPointer, _ object: StoredObject, to output: inout JSONWriter, margin: Int
    ) {
        let rights = rights(to: object)
        switch variables {
        case .own where rights.areOpen && !own.isEmpty: output.appendASCIIPretty(own, margin: margin)
        case .resolved:
            let resolved = snapshot.resolvedVariables(of: object, layout.kind.typeName)
            output.appendASCIIPretty(.object(rights.readable(resolved)), margin: margin)
        case .own, .none:
            output.appendASCIIPretty(.object(rights.readable(object.variables)), margin: margin)
        }
    }

    private mutating func rights(to object: StoredObject) -> VariableRights {
        let project = object.document.member("project_id")?.string ?? object.key.string
        if let known, known.project.hasSameUTF8(as: project) { return known.rights }
        let rights = call.rights.variables(project: project, in: snapshot)
        known = (project, rights)
        return rights
    }
}
