import Basics
import Fleet
import JSON
import Tracker

/// The one link of a device: to the device above it, or else to its cell, or its region.
struct UpLink {
    /// What stands before the path, and behind it.
    private let start: [UInt8]
    private let end: [UInt8]
    /// The places of the members that name those.
    private let parent: Int
    private let cell: Int
    private let region: Int

    /// The link in a text of a layout; nil if that is not one of devices.
    init?(_ layout: ObjectTextLayout, origin: String) {
        guard layout.kind.isDevice, let parent = layout.place(of: "parent_id"), let cell = layout.place(of: "cell_id"),
            let region = layout.place(of: "region_id")
        else { return nil }
        (self.parent, self.cell, self.region) = (parent, cell, region)
        let blanks = String(repeating: " ", count: layout.margin + 2)
        let base = JSONValue.string("\(origin)/v1/").asciiPrettyBytes().dropLast()
        start = Array("[\n\(blanks)  {\n\(blanks)    \"href\": ".utf8) + base
        end = Array("\",\n\(blanks)    \"rel\": \"up\"\n\(blanks)  }\n\(blanks)]".utf8)
    }

    /// Appends the link of a device.
    ///
    /// - Parameter values: those that the device has of the members of the layout.
    func append(
        _ values: UnsafeBufferPointer<UnsafeRawBufferPointer>, _ snapshot: Snapshot, to output: inout JSONWriter
    ) {
        start.withUnsafeBytes { output.append($0) }
        if Self.namesSomething(values[parent]) {
            let number = String(decoding: values[parent], as: UTF8.self)
            let isSwitch = snapshot.object(FleetTypes.devices, number)?.deviceKind == .networkDevice
            output.append(plain: isSwitch ? "network-devices/" : "hosts/")
            output.append(values[parent])
        } else if Self.namesSomething(values[cell]) {
            output.append(plain: "cells/")
            output.append(values[cell])
        } else {
            output.append(plain: "regions/")
            output.append(values[region])
        }
        end.withUnsafeBytes { output.append($0) }
    }

    /// Whether a number is that of an object.
    private static func namesSomething(_ number: UnsafeRawBufferPointer) -> Bool {
        !number.isEmpty && !(number.count == 1 && number[0] == UInt8(ascii: "0"))
    }
}
