import Basics
import Fleet
import JSON
import Tracker

/// The text of a list: rows and links (F §3, §4).
struct ListText {
    private let links: PageLinks
    private let page: FleetPage

    init(_ page: FleetPage, _ links: PageLinks) { (self.page, self.links) = (page, links) }

    /// The list of a collection.
    func bytes(_ resource: FleetResource, _ call: FleetCall, _ variables: ObjectText.Variables) -> [UInt8] {
        body(resource.listKey) { output in
            Self.append(page.rows, ObjectText(resource, call, variables, margin: 4), to: &output, margin: 2)
        }
    }

    /// The list of devices, those of each kind by themselves.
    func bytes(devices call: FleetCall, _ variables: ObjectText.Variables) -> [UInt8] {
        body("devices") { output in
            output.append(plain: "{")
            for resource in [FleetResource.hosts, .networkDevices] {
                output.append(plain: "\n    ")
                output.append(JSONValue.string(resource.path))
                output.append(plain: ": ")
                let text = ObjectText(resource, call, variables, margin: 6)
                let rows = page.rows.filter { $0.deviceKind == resource.kind }
                Self.append(rows, text, to: &output, margin: 4)
                if resource.kind == .host { output.append(plain: ",") }
            }
            output.append(plain: "\n  }")
        }
    }

    /// The members `key` and `links`, in the order of their names.
    private func body(_ key: String, _ appendRows: (inout JSONWriter) -> Void) -> [UInt8] {
        var output = JSONWriter(capacity: 2048 + page.rows.count * 640)
        output.append(plain: "{\n  ")
        let isFirst = key.precedesInUTF8("links")
        if !isFirst { appendLinks(to: &output, end: ",\n  ") }
        output.append(JSONValue.string(key))
        output.append(plain: ": ")
        appendRows(&output)
        if isFirst {
            output.append(plain: ",\n  ")
            appendLinks(to: &output, end: "")
        }
        output.append(plain: "\n}\n")
        return output.array()
    }

    private func appendLinks(to output: inout JSONWriter, end: StaticString) {
        output.append(plain: "\"links\": ")
        links.append(page, to: &output, margin: 2)
        output.append(plain: end)
    }

    /// Appends rows as an array.
    private static func append(
        _ rows: [StoredObject], _ text: ObjectText, to output: inout JSONWriter, margin: Int
    ) {
        output.append(plain: "[")
        for (index, row) in rows.enumerated() {
            if index > 0 { output.append(plain: ",") }
            output.startLine(margin + 2)
            text.append(row, to: &output)
        }
        if !rows.isEmpty { output.startLine(margin) }
        output.append(plain: "]")
    }
}
