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
    /// The caller's rights to variables in their own project.
    private let ownRights: VariableRights

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
        up = UpLink(layout, origin: call.origin)
        ownRights = call.rights.variables(project: call.rights.caller.project, in: self.snapshot)
    }

    /// The text of one object.
    func bytes(_ object: StoredObject) -> [UInt8] {
        var output = JSONWriter()
        append(object, to: &output)
        output.append(UInt8(ascii: "\n"))
        return output.array()
    }

    /// Appends the text of an object.
    func append(_ object: StoredObject, to output: inout JSONWriter) {
        output.append(UInt8(ascii: "{"))
        object.document.withUnsafeBytes { text in
            layout.forEachMember(of: text) { source, place, start, values in
                output.append(start)
                append(source, values, place, object, to: &output)
            }
        }
        output.startLine(layout.margin)
        output.append(UInt8(ascii: "}"))
    }

    /// Appends the value of a member.
    @inline(__always)
    private func append(
        _ source: ObjectTextLayout.Source, _ values: UnsafeBufferPointer<UnsafeRawBufferPointer>, _ place: Int,
        _ object: StoredObject, to output: inout JSONWriter
    ) {
        let (value, margin) = (values[place], layout.margin + 2)
        switch source {
        case .column where value.isEmpty: output.append(plain: "null")
        case .column: output.appendASCIIPretty(value, margin: margin)
        // Numbers that stand for no object are kept as zero, and shown as null.
        case .reference where value.isEmpty || value.count == 1 && value[0] == UInt8(ascii: "0"):
            output.append(plain: "null")
        case .reference: output.append(value)
        case .up: up?.append(values, snapshot, to: &output)
        case .apiKey: output.appendASCIIPretty(snapshot.apiKey(of: object).map { JSONValue.string($0) } ?? .null)
        case .variables: appendVariables(value, object, to: &output, margin: margin)
        case .given(let place): output.appendASCIIPretty(layout.given[place], margin: margin)
        }
    }

    /// Appends those of an object's variables that the caller may read.
    private func appendVariables(
        _ own: UnsafeRawBufferPointer, _ object: StoredObject, to output: inout JSONWriter, margin: Int
    ) {
        let rights = rights(to: object)
        switch variables {
        case .own where rights.areOpen && !own.isEmpty: output.appendASCIIPretty(own, margin: margin)
        case .resolved:
            let resolved = snapshot.resolvedVariables(of: object, layout.kind.typeName)
            output.appendASCIIPretty(.object(rights.readable(resolved)), margin: margin)
        case .own, .none: output.appendASCIIPretty(.object(rights.readable(object.variables)), margin: margin)
        }
    }

    private func rights(to object: StoredObject) -> VariableRights {
        let project = object.document.member("project_id")?.string ?? object.key.string
        let isOwn = call.rights.caller.level == .root || project.hasSameUTF8(as: call.rights.caller.project)
        return isOwn ? ownRights : call.rights.variables(project: project, in: snapshot)
    }
}
