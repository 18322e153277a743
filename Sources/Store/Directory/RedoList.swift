import Basics

/// What a batch does to files, written down with it: an opening after a crash goes on where the batch was cut off.
struct RedoList: Sendable {
    /// One file.
    struct Step: Sendable {
        let place: FilePlace
        /// The number of the new file that takes the place; nil if the file there goes.
        let draft: UInt64?
        /// The file as it was; nil if there was none. Another one was put there by somebody else, and stays.
        let before: FileSignature?
    }

    /// The files, in the order of the batch; each place once.
    var steps: [Step] = []

    /// The key in the keyspace `metadata` of the store behind the files. No key of the tracker begins like it.
    static let key = Array("\u{0}directory:redo".utf8)

    /// A list with nothing to do.
    init() {}

    /// The bytes that are kept.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for step in steps {
            Self.append(Array(step.place.folder.utf8), to: &bytes)
            Self.append(Array(step.place.name.utf8), to: &bytes)
            Self.append(step.draft.map { Array(String($0).utf8) } ?? [], to: &bytes)
            Self.append(step.before?.bytes ?? [], to: &bytes)
        }
        return bytes
    }

    /// The list that kept bytes hold.
    ///
    /// - Throws: `corrupt` if that is none.
    init(_ bytes: [UInt8]) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let folder = Self.take(&rest), let name = Self.take(&rest), let draft = Self.take(&rest),
                let before = Self.take(&rest), before.isEmpty || before.count == FileSignature.length
            else {
                throw StoreError(.corrupt, "the list of what is to be done to files cannot be read: restore a backup")
            }
            steps.append(
                Step(
                    place: FilePlace(
                        folder: String(decoding: folder, as: UTF8.self), name: String(decoding: name, as: UTF8.self)),
                    draft: draft.isEmpty ? nil : UInt64(String(decoding: draft, as: UTF8.self)),
                    before: FileSignature(bytes: before)))
        }
    }

    private static func append(_ part: [UInt8], to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(part.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes += part
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= 4 else { return nil }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
