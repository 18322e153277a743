import Basics
public import JSON

/// How an object's key follows from its fields and from URLs.
public struct KeyRule: Sendable {
    /// One of the fields that make up the key.
    public struct Part: Sendable {
        /// The field.
        public let field: String
        /// What its value is.
        public let form: KeyForm

        /// The part of a key that is in `field`.
        public init(_ field: String, _ form: KeyForm) { (self.field, self.form) = (field, form) }
    }

    /// The fields that make up the key, in the order in which they sort it.
    public let parts: [Part]
    /// The field that holds the key; the first one, if there are several.
    public let field: String
    /// Whether keys are numbers that the server gives, each once.
    public let isSequence: Bool
    /// Whether the values of an index on `field` are other bytes than the keys.
    let isDerived: Bool

    private let form: KeyForm
    private let isComposite: Bool

    private init(_ parts: [Part], isSequence: Bool = false) {
        self.parts = parts
        self.isSequence = isSequence
        (field, form, isComposite) = (parts[0].field, parts[0].form, parts.count > 1)
        isDerived =
            switch form {
            case .text, .uuid, .integer: isComposite
            case .spelled, .address: true
            }
    }

    /// The key is the text of `field`.
    public static func text(_ field: String) -> KeyRule { KeyRule([Part(field, .text)]) }

    /// The key is the UUID in `field`.
    public static func uuid(_ field: String) -> KeyRule { KeyRule([Part(field, .uuid)]) }

    /// The key is the text that `spell` makes of the text of `field`; it must leave alone what it made, and text of the wrong
    /// form.
    public static func spelled(_ field: String, by spell: @escaping @Sendable (String) -> String) -> KeyRule {
        KeyRule([Part(field, .spelled(spell))])
    }

    /// The key is the address in `field`.
    public static func address(_ field: String) -> KeyRule { KeyRule([Part(field, .address)]) }

    /// The key is the whole number in `field`, which clients give.
    public static func integer(_ field: String) -> KeyRule { KeyRule([Part(field, .integer)]) }

    /// The key is the whole number in `field`, which the server gives to each new object: the next one, never one that an
    /// object of the type has had before. There may be gaps.
    ///
    /// A client that brings a number is refused; `field` may be one that only the server sets, and then it is ignored.
    public static func sequence(_ field: String) -> KeyRule { KeyRule([Part(field, .integer)], isSequence: true) }

    /// The key is made of the values of several fields, ordered by the first, then by the second, and so on.
    ///
    /// - Parameter parts: at least two.
    public static func composite(_ parts: Part...) -> KeyRule {
        precondition(parts.count > 1, "a composite key of \(parts.map(\.field)) has less than two fields")
        return KeyRule(parts)
    }
}

extension KeyRule {
    /// The text of an object's key, empty when it has none yet.
    public func key(of object: JSONObject) -> String {
        if !isComposite { return form.text(ofValue: object[field]) }
        let texts = parts.map { $0.form.text(ofValue: object[$0.field]) }
        return texts.contains(where: \.isEmpty) ? "" : EncodedKey.composite(texts)
    }

    /// The text of the key that `path`, a part of a URL, means; text of the wrong form is kept as it is, and so is found nowhere
    /// (C §2).
    public func fromPath(_ path: String) -> String {
        if !isComposite { return form.text(ofPath: path) }
        guard let texts = EncodedKey.texts(ofComposite: path), texts.count == parts.count else { return path }
        return EncodedKey.composite(zip(parts, texts).map { $0.form.text(ofPath: $1) })
    }

    /// The key that reads `text`; of text of the wrong form, one that no object has.
    public func bytes(_ text: String) -> ByteString { spelled(text) ?? ByteString(text) }

    /// The key that `path`, a part of a URL, means; of text of the wrong form, one that no object has.
    public func bytes(ofPath path: String) -> ByteString { bytes(fromPath(path)) }

    /// The key that reads `text`, or nil if it is of the wrong form.
    public func spelled(_ text: String) -> ByteString? {
        if !isComposite { return form.key(spelled: text) }
        guard let texts = EncodedKey.texts(ofComposite: text), texts.count == parts.count else { return nil }
        var keys: [ByteString] = []
        for (part, text) in zip(parts, texts) {
            guard !text.isEmpty, let key = part.form.key(spelled: text) else { return nil }
            keys.append(key)
        }
        return EncodedKey.composite(keys)
    }

    /// The values of the fields in an object whose key reads `text`; nil if it is of the wrong form.
    func values(_ text: String) -> [(part: Part, value: JSONValue)]? {
        guard spelled(text) != nil else { return nil }
        if !isComposite { return [(parts[0], form.value(spelled: text))] }
        let texts = EncodedKey.texts(ofComposite: text) ?? []
        return zip(parts, texts).map { ($0, $0.form.value(spelled: $1)) }
    }

    /// The refusal of an object that has no key.
    func refusal(of object: JSONObject, _ type: ObjectType) -> TrackerError {
        for part in parts {
            guard case .integer = part.form, let number = object[part.field]?.intValue, number != 0 else { continue }
            if part.form.text(ofValue: object[part.field]).isEmpty {
                let message = "\(part.field) \(number) is not from 1 to \(KeyForm.largestInteger)"
                return TrackerError(.invalid, type.typeName, key: String(number), message)
            }
        }
        return TrackerError(.emptyKey, type.typeName, type.text(.emptyKey))
    }

    /// Whether the values of the index `declaration` are the keys themselves.
    func isKey(_ declaration: IndexDeclaration) -> Bool {
        declaration.source == .key || declaration.source == .field(field) && !isDerived
    }

    /// The index of a type's keys (C §7.1): of text, unless keys are of one other form.
    func index(named name: String) -> IndexDeclaration {
        let kind: IndexDeclaration.Kind =
            switch form {
            case .integer where !isComposite: .integer
            case .address where !isComposite: .address
            default: .string
            }
        let refusal = isComposite ? "%n has \(parts.count) values between commas, and not %v" : nil
        return IndexDeclaration(
            name, kind, isUnique: true, hasRegex: !isComposite && form.isText, source: .key, refusal: refusal)
    }

    /// The value of the key's own index that a query's `text` means, or nil if it is of the wrong form.
    func operand(_ text: String) -> ByteString? {
        if !isComposite, case .integer = form { return IndexReader.value(ofText: text, .integer) }
        return spelled(form.isText ? text : fromPath(text))
    }
}

extension IndexDeclaration.Kind {
    /// The key of the object that a field of the kind names by `text`.
    func key(named text: String) -> ByteString {
        if self == .address, let address = IPAddress(text) { return EncodedKey.address(address) }
        return ByteString(text)
    }

    /// The index value of a field that names the object with the key `key`.
    func value(naming key: ByteString) -> ByteString {
        key.withUnsafeBytes { bytes in
            guard let first = bytes.first, !EncodedKey.isTextStart(first), self != .integer else { return key }
            if self == .address { return ByteString(bytes.dropFirst()) }
            return ByteString(key.string)
        }
    }
}
