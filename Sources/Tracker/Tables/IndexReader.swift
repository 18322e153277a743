import JSON

/// Reads index values out of documents and out of query texts, the same way for both.
enum IndexReader {
    /// The values of each of `declarations` in `document`.
    static func values(_ declarations: [IndexDeclaration], in document: JSONDocument) -> [[ByteString]] {
        declarations.map { values($0, in: document) }
    }

    /// The values of one index in `document`, each once.
    static func values(_ declaration: IndexDeclaration, in document: JSONDocument) -> [ByteString] {
        switch declaration.source {
        case .key, .network, .range: []
        case .field(let name): document.member(name).map { values($0, declaration.kind) } ?? []
        case .member(let field, let name):
            document.member(at: [field, name]).map { values($0, declaration.kind) } ?? []
        case .elements(let field, let member):
            document.member(field).map { list in
                distinct(list.elements.flatMap { $0.member(member).map { values($0, declaration.kind) } ?? [] })
            } ?? []
        }
    }

    /// The values of one field: of a list its elements, of a map its keys, of anything else itself.
    private static func values(_ slice: JSONSlice, _ kind: IndexDeclaration.Kind) -> [ByteString] {
        switch slice.kind {
        case .array: return distinct(slice.elements.flatMap { values($0, kind) })
        case .object:
            var keys: [ByteString] = []
            slice.forEachMember { key, _ in keys.append(ByteString(key)) }
            return keys
        case .string: return slice.string.flatMap { value(ofText: $0, kind) }.map { [$0] } ?? []
        case .bool: return [IndexValue.boolean(slice.bool == true)]
        case .number: return slice.int.map { [IndexValue.integer(Int64($0))] } ?? []
        case .null: return []
        }
    }

    /// The index value that `text` stands for, or nil if it is not of the kind.
    static func value(ofText text: String, _ kind: IndexDeclaration.Kind) -> ByteString? {
        switch kind {
        case .string, .list: ByteString(text)
        case .cidr: text.isEmpty || CIDRBlock(text) != nil ? ByteString(text) : nil
        case .uuid: text.isEmpty ? .empty : UUIDText.canonical(text).map { ByteString($0) }
        case .boolean: text == "true" ? IndexValue.boolean(true) : text == "false" ? IndexValue.boolean(false) : nil
        case .integer: Int64(text).map { IndexValue.integer($0) }
        case .time: Timestamp(rfc3339: text).map { IndexValue.time(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
        case .address: text.isEmpty ? .empty : IPAddress(text).map { IndexValue.address($0) }
        }
    }

    private static func distinct(_ values: [ByteString]) -> [ByteString] {
        guard values.count > 1 else { return values }
        return Array(Set(values)).sorted()
    }
}
