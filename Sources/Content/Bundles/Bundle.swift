import FoundationEssentials
public import JSON
public import Tracker

/// A pack on disk: a directory of one file an object, or a single YAML or JSON file (C §14.3).
public struct Bundle: Sendable {
    /// Where it is.
    public let path: String
    private let catalog: Catalog

    /// The pack at `path`.
    public init(_ path: String, catalog: Catalog) {
        self.path = path
        self.catalog = catalog
    }

    /// The pack's `{meta, sections}`.
    ///
    /// - Throws: `BundleError` naming the file, and within it the problem.
    public func content() throws(BundleError) -> JSONValue {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw BundleError(path: path, reason: "there is no such file or directory")
        }
        return isDirectory ? try directory() : try Self.value(path)
    }

    private func directory() throws(BundleError) -> JSONValue {
        var metadata: JSONObject = ["Name": "Unspecified", "Version": "v0.0.0", "Type": "dynamic"]
        var sections: JSONObject = [:]
        for name in try Self.entries(path) {
            let file = "\(path)/\(name)"
            if name.hasPrefix("._"), name.hasSuffix(".meta") {
                metadata[String(name.dropFirst(2).dropLast(5))] = .string(try Self.text(file).trimmed)
            } else if let type = catalog[Prefix(name)] {
                sections[name] = .object(try section(file, type))
            }
        }
        return ["meta": .object(metadata), "sections": .object(sections)]
    }

    private func section(_ directory: String, _ type: ObjectType) throws(BundleError) -> JSONObject {
        var objects: JSONObject = [:]
        var sources: [Identifier: String] = [:]
        for name in try Self.entries(directory) where !name.hasPrefix(".") {
            let file = "\(directory)/\(name)"
            let object: JSONObject
            if Self.isStructured(name) {
                guard case .object(let members) = try Self.value(file) else {
                    throw BundleError(path: file, reason: "holds no object")
                }
                object = members
            } else if type.prefix == "templates" {
                object = ["ID": .string(name), "Contents": .string(try Self.text(file))]
            } else {
                continue
            }
            let key = object.member(type.key.field)?.stringValue ?? ""
            guard !key.isEmpty else { throw BundleError(path: file, reason: "its object has no \(type.key.field)") }
            if let other = sources.updateValue(file, forKey: Identifier(key)) {
                throw BundleError(path: file, reason: "\(type.prefix)/\(key) is also in \(other)")
            }
            objects[key] = .object(object)
        }
        return objects
    }

    private static func isStructured(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }

    private static func value(_ path: String) throws(BundleError) -> JSONValue {
        let text = try text(path)
        guard path.hasSuffix(".json") else { return try YAMLReader.value(text, path: path) }
        do {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw BundleError(path: path, reason: "not readable as JSON: \(error)")
        }
    }

    private static func text(_ path: String) throws(BundleError) -> String {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard let text = String(validating: data, as: UTF8.self) else {
                throw BundleError(path: path, reason: "is not UTF-8 text")
            }
            return text
        } catch let error as BundleError {
            throw error
        } catch {
            throw BundleError(path: path, reason: "cannot be read: \(error)")
        }
    }

    private static func entries(_ path: String) throws(BundleError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sortedByBytes()
        } catch {
            throw BundleError(path: path, reason: "cannot be read: \(error)")
        }
    }
}

extension String {
    /// The text without white space at its ends: metadata files end in a new line that is not meant.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
