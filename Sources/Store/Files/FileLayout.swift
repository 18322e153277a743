public import JSON

/// How the text of files is made.
public enum FileCodec: String, Sendable, CaseIterable {
    case yaml, json

    /// The codec that a locator asks for; nil if it leaves the choice (C §14.5).
    init?(_ locator: StoreLocator) {
        guard let name = locator.query["codec"], let codec = FileCodec(rawValue: name) else { return nil }
        self = codec
    }

    /// What the names of files end with.
    var suffix: String { "." + rawValue }
}

/// The place of an object among files: `<folder>/<escaped name>.yaml` (C §14.5).
public struct FilePlace: Sendable {
    /// The folder: the object's type.
    public let folder: String
    /// The object's key as text, not escaped.
    public let name: String

    /// A place.
    public init(folder: String, name: String) { (self.folder, self.name) = (folder, name) }
}

/// Which values of the keyspace `data` people may see as files, and how. Who knows what keys and values mean gives it to stores
/// that are made of files.
public protocol FileLayout: Sendable {
    /// The folders that there can be.
    var folders: [String] { get }

    /// The place of a key; nil for what is in no file.
    func place(of key: [UInt8]) -> FilePlace?

    /// The key that has a place; nil if none can have it.
    func key(at place: FilePlace) -> [UInt8]?

    /// A value as the JSON that it holds, and the bytes in front of that; nil if it holds none.
    func parts(of value: [UInt8]) -> (head: [UInt8], document: JSONDocument)?

    /// What stands in front of the JSON of an object that nobody has written yet.
    var emptyHead: [UInt8] { get }

    /// What people get to see of a document.
    func shown(_ document: JSONDocument, at place: FilePlace) -> JSONDocument

    /// The text of JSON, with a line break at its end.
    func text(of value: JSONValue, _ codec: FileCodec) -> String

    /// The JSON of an object that a text says.
    ///
    /// - Throws: `FileProblem` saying what is wrong with it.
    func object(of text: [UInt8], _ codec: FileCodec, at place: FilePlace) throws(FileProblem) -> JSONObject

    /// The JSON that a text says.
    ///
    /// - Throws: `FileProblem` saying what is wrong with it.
    func value(of text: [UInt8], _ codec: FileCodec) throws(FileProblem) -> JSONValue
}

/// Why a file cannot be used.
public struct FileProblem: Error, Sendable, Hashable {
    /// What is wrong, without the file's name.
    public let reason: String

    /// A problem.
    public init(_ reason: String) { self.reason = reason }
}
