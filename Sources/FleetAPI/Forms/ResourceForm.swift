import Basics
import Fleet
import JSON
import Tracker

/// How clients see an object of the inventory (F §3).
struct ResourceForm {
    let resource: FleetResource
    let call: FleetCall
    /// The state that has the object, what it refers to, and what hands variables on to it.
    let snapshot: Snapshot

    /// A form of the objects of the state that the call is answered from.
    init(_ resource: FleetResource, _ call: FleetCall, in snapshot: Snapshot? = nil) {
        (self.resource, self.call, self.snapshot) = (resource, call, snapshot ?? call.snapshot)
    }

    /// Which variables an object is shown with.
    enum Variables {
        case none
        case own
        case resolved
    }

    /// The object as a client sees it.
    func value(_ object: StoredObject, _ variables: Variables = .none) -> JSONObject {
        let members = object.object
        var form: JSONObject = [:]
        for column in resource.columns { form[column] = Self.shown(members[column] ?? .null, column) }
        if resource.kind == .user { form["api_key"] = snapshot.apiKey(of: object).map { .string($0) } ?? .null }
        if resource.kind.isDevice { form["links"] = [up(object)] }
        switch variables {
        case .none: break
        case .own: form["variables"] = .object(readable(members["variables"]?.objectValue ?? [:], object))
        case .resolved:
            let resolved = snapshot.resolvedVariables(of: object, resource.kind.typeName)
            form["variables"] = .object(readable(resolved, object))
        }
        return form
    }

    /// Those of an object's variables that the caller may read.
    private func readable(_ variables: JSONObject, _ object: StoredObject) -> JSONObject {
        call.variableRights(to: object, in: snapshot).readable(variables)
    }

    /// Numbers that stand for no object are kept as zero, and shown as null.
    private static func shown(_ value: JSONValue, _ column: String) -> JSONValue {
        value == 0 && isReference(column) ? .null : value
    }

    /// Whether a column has the number of another object.
    static func isReference(_ column: String) -> Bool { column.hasByteSuffix("_id") && column != "vlan_id" }

    /// The link to what a device is in: the device above it, or else its cell, or its region.
    func up(_ object: StoredObject) -> JSONValue {
        func number(_ name: String) -> Int { object.document.member(name)?.int ?? 0 }
        let path: String
        if number("parent_id") != 0 {
            let parent = snapshot.object(FleetKind.host.typeName, String(number("parent_id")))
            let collection = parent?.deviceKind == .networkDevice ? "network-devices" : "hosts"
            path = "\(collection)/\(number("parent_id"))"
        } else if number("cell_id") != 0 {
            path = "cells/\(number("cell_id"))"
        } else {
            path = "regions/\(number("region_id"))"
        }
        return ["rel": "up", "href": .string("\(call.origin)/v1/\(path)")]
    }
}
