import Basics
import FoundationEssentials
import JSON
import Tracker

/// One file of a pack on disk, or a text that was read already.
struct PackFile {
    let path: String
    /// The bytes; nil if they are to be read.
    private let given: [UInt8]?
    private let isJSON: Bool

    /// The file at a path.
    init(path: String) { (self.path, given, isJSON) = (path, nil, path.hasByteSuffix(".json")) }

    /// A text.
    ///
    /// - Parameters:
    ///   - name: what problems call it.
    ///   - isJSON: whether it is JSON, not YAML.
    init(_ bytes: [UInt8], named name: String, isJSON: Bool) { (path, given, self.isJSON) = (name, bytes, isJSON) }

    /// The longest file that is read.
    private static let longest = YAMLBudget().bytes

    /// Its name, without the directories.
    var name: String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// Whether it is YAML or JSON.
    var isStructured: Bool { isJSON || name.hasByteSuffix(".yaml") || name.hasByteSuffix(".yml") }

    /// Whether it is a directory, or leads to one; nil if there is nothing of that name.
    var isDirectory: Bool? {
        if given != nil { return false }
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) ? isDirectory : nil
    }

    /// The files of the directory that it is, by name.
    func files() throws(BundleProblem) -> [PackFile] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .sortedByBytes().map { PackFile(path: "\(path)/\($0)") }
        } catch {
            throw problem("cannot be read: \(error)")
        }
    }

    /// The value that it holds, and what is odd about it.
    ///
    /// - Parameter shape: what the value is for; YAML's numbers and booleans become text where that wants text.
    func value(as shape: FieldType) throws(BundleProblem) -> (value: JSONValue, warnings: [BundleProblem]) {
        let bytes = try bytes()
        guard isJSON else {
            do throws(YAMLError) {
                let reading = try YAMLReader.read(bytes, as: shape)
                return (reading.value, reading.remarks.map { problem($0.description) })
            } catch {
                throw problem("not readable as YAML: \(error)")
            }
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw problem("is not UTF-8 text") }
        do {
            let reading = try JSONReading(parsing: bytes)
            var warnings = reading.repeatedKeys.map { problem("\($0): the last one counts") }
            let rest = reading.repeatedCount - warnings.count
            if rest > 0 { warnings.append(problem("\(rest) more keys are given again")) }
            return (reading.value, warnings)
        } catch {
            throw problem("not readable as JSON: \(error)")
        }
    }

    /// The text that it holds. What is no UTF-8 is replaced, as Go's JSON does it, which is told.
    func text() throws(BundleProblem) -> (text: String, warnings: [BundleProblem]) {
        let bytes = try bytes()
        if let text = String(validating: bytes, as: UTF8.self) { return (text, []) }
        return (String(goBytes: bytes), [problem("is not UTF-8 text: what is none shows as U+FFFD")])
    }

    /// A problem with this file.
    func problem(_ reason: String) -> BundleProblem { BundleProblem(path: path, reason: reason) }

    private func bytes() throws(BundleProblem) -> [UInt8] {
        if let given { return given }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            guard size ?? 0 <= Self.longest else {
                throw problem("longer than the \(Self.longest) bytes that are read of one file")
            }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let problem as BundleProblem {
            throw problem
        } catch {
            throw problem("cannot be read: \(error)")
        }
    }
}
