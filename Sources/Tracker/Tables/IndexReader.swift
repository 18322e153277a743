import Basics
import JSON

/// Reads index values out of documents and out of query texts, the same way for both.
enum IndexReader {
    /// The values of one index in `document`, each once, in ascending order.
    static func values(_ declaration: IndexDeclaration, in document: JSONDocument) -> [ByteString] {
        guard let field = declaration.source.fieldName else { return [] }
        return document.withUnsafeBytes { text in
            guard let value = JSONScan.member(field, of: text) else { return [] }
            var values: [ByteString] = []
            forEachValue(declaration, ofField: value) { values.append(ByteString($0)) }
            return distinct(values)
        }
    }

    /// Calls `emit` with the bytes of each value that the index has in an object whose field holds `value`; values may
    /// come twice.
    static func forEachValue(
        _ declaration: IndexDeclaration, ofField value: UnsafeRawBufferPointer,
        _ emit: (UnsafeRawBufferPointer) -> Void
    ) {
        switch declaration.source {
        case .key, .network, .range: break
        case .leaves: LeafTerms.forEach(of: value, emit)
        case .field: forEachValue(declaration.kind, in: value, emit)
        case .member(_, let name):
            if let member = JSONScan.member(name, of: value) { forEachValue(declaration.kind, in: member, emit) }
        case .elements(_, let name):
            JSONScan.forEachElement(of: value) { element in
                if let member = JSONScan.member(name, of: element) { forEachValue(declaration.kind, in: member, emit) }
            }
        }
    }

    /// The values of one field: of a list its elements, of a map its keys, of anything else itself.
    private static func forEachValue(
        _ kind: IndexDeclaration.Kind, in text: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) -> Void
    ) {
        switch text.first {
        case UInt8(ascii: "["): JSONScan.forEachElement(of: text) { forEachValue(kind, in: $0, emit) }
        case UInt8(ascii: "{"):
            JSONScan.forEachMember(of: text) { key, _ in
                let isPlain = !key.contains(UInt8(ascii: "\\"))
                if isPlain { emit(key) } else { ByteString(unescaped(key)).withUnsafeBytes(emit) }
                return true
            }
        case UInt8(ascii: "\""):
            let plain = JSONScan.plainString(text)
            if let plain, kind == .string || kind == .list { return emit(plain) }
            if let plain, kind == .address, let address = IPAddress(utf8: plain) {
                return withUnsafeBytes(of: address.number.bigEndian, emit)
            }
            let string = plain.map { String(decoding: $0, as: UTF8.self) } ?? decoded(text).stringValue
            if let value = string.flatMap({ value(ofText: $0, kind) }) { value.withUnsafeBytes(emit) }
        case UInt8(ascii: "t"): IndexValue.boolean(true).withUnsafeBytes(emit)
        case UInt8(ascii: "f"): IndexValue.boolean(false).withUnsafeBytes(emit)
        case UInt8(ascii: "n"), nil: break
        default: if let number = decoded(text).intValue { IndexValue.integer(Int64(number)).withUnsafeBytes(emit) }
        }
    }

    private static func decoded(_ text: UnsafeRawBufferPointer) -> JSONValue {
        JSONSlice(canonical: Array(text)[...]).value()
    }

    /// The text of a string without its quotes.
    private static func unescaped(_ content: UnsafeRawBufferPointer) -> String {
        let quote = UInt8(ascii: "\"")
        return JSONSlice(canonical: ([quote] + Array(content) + [quote])[...]).string ?? ""
    }

    /// The index value that `text` stands for, or nil if it is not of the kind.
    static func value(ofText text: String, _ kind: IndexDeclaration.Kind) -> ByteString? {
        switch kind {
        case .string, .list: ByteString(text)
        case .hardwareAddress: ByteString(MACAddress.canonical(text))
        case .cidr: text.isEmpty || CIDRBlock(text) != nil ? ByteString(text) : nil
        case .uuid: text.isEmpty ? .empty : UUIDText.canonical(text).map { ByteString($0) }
        case .boolean: text == "true" ? IndexValue.boolean(true) : text == "false" ? IndexValue.boolean(false) : nil
        case .integer: Int64(text).map { IndexValue.integer($0) }
        case .time: Timestamp(rfc3339: text).map { IndexValue.time(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
        case .address: text.isEmpty ? .empty : IPAddress(text).map { IndexValue.address($0) }
        }
    }

    /// Each of the values once, in ascending order, as the keys of a map are already.
    static func distinct(_ values: [ByteString]) -> [ByteString] {
        if zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) { return values }
        return Array(Set(values)).sorted()
    }
}
