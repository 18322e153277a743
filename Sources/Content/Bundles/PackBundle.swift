import Basics
import JSON
public import Tracker

/// A pack on disk: a directory of one file an object, or a single YAML or JSON file (C §14.3).
public struct PackBundle: Sendable {
    private let root: PackFile
    private let catalog: Catalog

    /// The pack at `path`.
    public init(_ path: String, catalog: Catalog) { (root, self.catalog) = (PackFile(path: path), catalog) }

    /// The pack in a text, which is read as a file's is.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: what problems call it.
    ///   - isJSON: whether it is JSON, not YAML.
    public init(_ bytes: [UInt8], named name: String, isJSON: Bool, catalog: Catalog) {
        (root, self.catalog) = (PackFile(bytes, named: name, isJSON: isJSON), catalog)
    }

    /// Reads the pack.
    ///
    /// - Throws: `BundleError` with all files that cannot be used, and within them the problem.
    public func read() throws(BundleError) -> BundleReading {
        var reader = BundleReader(catalog: catalog)
        let content: JSONValue?
        switch root.isDirectory {
        case true: content = reader.directory(root)
        case false: content = reader.singleFile(root)
        case nil: throw BundleError(problems: [root.problem("there is no such file or directory")])
        }
        guard let content, reader.problems.isEmpty else { throw BundleError(problems: reader.problems) }
        return BundleReading(content: content, warnings: reader.warnings)
    }
}

/// Reads a pack's files, and goes on after a broken one, so that all are told at once.
private struct BundleReader {
    let catalog: Catalog
    private(set) var problems: [BundleProblem] = []
    private(set) var warnings: [BundleProblem] = []

    init(catalog: Catalog) { self.catalog = catalog }

    mutating func singleFile(_ file: PackFile) -> JSONValue? {
        guard let value = value(of: file, as: PackShape.shape(catalog)) else { return nil }
        guard let pack = PackShape.pack(value) else {
            problems.append(file.problem("holds no pack: a pack is an object with meta and sections"))
            return nil
        }
        return pack
    }

    mutating func directory(_ root: PackFile) -> JSONValue? {
        var metadata: JSONObject = ["Name": "Unspecified", "Version": "v0.0.0"]
        var sections: JSONObject = [:]
        for file in files(of: root) {
            if file.name.hasBytePrefix("._"), file.name.hasByteSuffix(".meta"), file.isDirectory == false {
                let field = String(file.name.dropFirst(2).dropLast(5))
                if let text = text(of: file), !PackShape.placement.contains(Identifier(field)) {
                    metadata[field] = .string(text.trimmed)
                }
            } else if let type = catalog.visibleType(TypeName(file.name)), file.isDirectory == true {
                sections[file.name] = .object(section(file, type))
            }
        }
        return ["meta": .object(metadata), "sections": .object(sections)]
    }

    /// The text that names an object in its section: its key field as it stands there, or what its key reads as.
    private static func key(of object: JSONObject, _ rule: KeyRule) -> String {
        let fields = rule.parts.compactMap { part in object.member(part.field).map { (part.field, $0) } }
        return fields.count == 1
            ? fields[0].1.stringValue ?? rule.key(of: JSONObject(fields)) : rule.key(of: JSONObject(fields))
    }

    private mutating func section(_ directory: PackFile, _ type: ObjectType) -> JSONObject {
        var objects: JSONObject = [:]
        var sources: [Identifier: PackFile] = [:]
        for file in files(of: directory) where !file.name.hasBytePrefix(".") && file.isDirectory == false {
            guard let object = object(file, type) else { continue }
            let key = Self.key(of: object, type.key)
            guard !key.isEmpty else {
                problems.append(file.problem("its object has no \(type.key.field)"))
                continue
            }
            if let other = sources.updateValue(file, forKey: Identifier(key)) {
                let here = "\(type.typeName)/\(key) is given again; the one in \(other.path) is ignored"
                warnings.append(file.problem(here))
            }
            objects[key] = .object(object)
        }
        return objects
    }

    /// The object of a file; nil if it holds none that can be used, or is no file for objects.
    private mutating func object(_ file: PackFile, _ type: ObjectType) -> JSONObject? {
        guard file.isStructured else {
            guard type.typeName == "templates", let text = text(of: file) else { return nil }
            return ["ID": .string(file.name), "Contents": .string(text)]
        }
        guard let value = value(of: file, as: .record(type.schema)) else { return nil }
        guard case .object(let members) = value else {
            problems.append(file.problem("holds no object"))
            return nil
        }
        return members
    }

    private mutating func value(of file: PackFile, as shape: FieldType) -> JSONValue? {
        attempt { () throws(BundleProblem) in try file.value(as: shape) }
    }

    private mutating func text(of file: PackFile) -> String? {
        attempt { () throws(BundleProblem) in try file.text() }
    }

    private mutating func files(of directory: PackFile) -> [PackFile] {
        attempt { () throws(BundleProblem) in (try directory.files(), []) } ?? []
    }

    /// What `read` finds; nil, and a problem more, if it fails.
    private mutating func attempt<Found>(
        _ read: () throws(BundleProblem) -> (Found, [BundleProblem])
    ) -> Found? {
        do throws(BundleProblem) {
            let (found, odd) = try read()
            warnings += odd
            return found
        } catch {
            problems.append(error)
            return nil
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
