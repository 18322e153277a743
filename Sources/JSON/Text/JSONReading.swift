/// What a JSON text says to those who take the last of the values that an object has under one key, as most readers do.
public struct JSONReading: Sendable, Hashable {
    /// The value of the text.
    public let value: JSONValue
    /// The first of the keys that are given again, where they are: one for each key of an object, in the order of the text.
    public let repeatedKeys: [JSONError]
    /// How many keys are given again in all.
    public let repeatedCount: Int

    /// Reads a text of exactly one JSON value; but for keys it is as strict as `JSONValue`.
    ///
    /// - Parameter told: how many repeated keys are told one by one; each costs as much as reading its object again.
    /// - Throws: what is wrong with the text, and where.
    public init(parsing text: [UInt8], limits: JSONLimits = .default, telling told: Int = 20) throws(JSONError) {
        self = try text.span.bytes.withUnsafeBytes { bytes throws(JSONError) in
            do throws(JSONFault) {
                guard bytes.count <= limits.maxBytes else { throw JSONFault(code: .tooLong, offset: limits.maxBytes) }
                var parser = JSONParser(bytes, limits: limits)
                parser.repeatedKeys = RepeatedKeys(told: told)
                return JSONReading(try parser.parseText(), parser.repeatedKeys, in: bytes, limits)
            } catch {
                throw JSONError(error, in: bytes, limits: limits)
            }
        }
    }

    private init(_ value: JSONValue, _ keys: RepeatedKeys?, in text: UnsafeRawBufferPointer, _ limits: JSONLimits) {
        self.value = value
        repeatedKeys = (keys?.offsets ?? []).sorted().map { offset in
            JSONError(JSONFault(code: .duplicateKey, offset: offset), in: text, limits: limits)
        }
        repeatedCount = keys?.count ?? 0
    }
}

/// The keys that a parser met more than once in an object.
struct RepeatedKeys {
    /// How many are remembered.
    let told: Int
    /// Where the remembered ones are given again.
    private(set) var offsets: [Int] = []
    private(set) var count = 0

    init(told: Int) { self.told = told }

    /// Counts a key.
    ///
    /// - Parameter offset: finds where it is given again; asked only if that is remembered.
    mutating func add(at offset: () throws(JSONFault) -> Int) throws(JSONFault) {
        count += 1
        if offsets.count < told { offsets.append(try offset()) }
    }
}
