import Basics

/// Larger documents of smaller ones, whose bytes are copied as they are.
extension JSONDocument {
    /// An object of these members in any order; two of one name are a programmer error.
    public init(members: [(name: String, value: JSONDocument)]) {
        let sorted = members.sorted { $0.name.precedesInUTF8($1.name) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.reduce(2) { $0 + $1.name.utf8.count + $1.value.bytes.count + 4 })
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sorted.enumerated() {
            if index > 0 {
                precondition(
                    !member.name.hasSameUTF8(as: sorted[index - 1].name), "two members are called \(member.name)")
                bytes.append(UInt8(ascii: ","))
            }
            JSONValue.string(member.name).write(into: &bytes)
            bytes.append(UInt8(ascii: ":"))
            bytes += member.value.bytes
        }
        bytes.append(UInt8(ascii: "}"))
        self.init(canonical: bytes)
    }

    /// An array of these elements.
    public init(elements: some Collection<JSONDocument>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.reduce(2) { $0 + $1.bytes.count + 1 })
        bytes.append(UInt8(ascii: "["))
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes += element.bytes
        }
        bytes.append(UInt8(ascii: "]"))
        self.init(canonical: bytes)
    }
}
