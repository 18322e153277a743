import Basics
import Client
import Content
import Glibc
import JSON
import Tracker

/// What `-f` reads: a file or standard input, with JSON or YAML in it. YAML means here what it means in content packs.
struct InputDocument: Sendable {
    /// Where it is; nil for standard input.
    let path: String?
    /// All of it.
    let bytes: [UInt8]
    private let content: Content

    private enum Content {
        case json(JSONValue)
        case yaml([YAMLDocument])
    }

    /// The largest input, in bytes.
    private static let limit = 256 << 20

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    init(reading path: String) async throws(ClientError) {
        let isNamed = !path.hasSameUTF8(as: "-")
        self.path = isNamed ? path : nil
        bytes = try await Self.bytes(of: path)
        if let value = try? JSONValue(parsing: bytes) {
            content = .json(value)
            return
        }
        do throws(YAMLError) {
            content = .yaml(try YAMLReader.documents(of: bytes))
        } catch {
            throw ClientError(.usage, "\(isNamed ? path : Self.unnamed) is neither JSON nor YAML: \(error)")
        }
    }

    /// What messages call it.
    var name: String { path ?? Self.unnamed }

    private static let unnamed = "standard input"

    /// Whether it is JSON.
    var isJSON: Bool { if case .json = content { true } else { false } }

    /// The values in it: one of JSON, of YAML one for each document, and what is odd about them.
    ///
    /// - Parameter shape: what a value is for, by what it says; nil for anything. YAML's numbers and booleans become text where
    ///   that wants text.
    /// - Throws: `ClientError` of kind `usage` that names the file and the line.
    func values(
        _ shape: (JSONValue) -> FieldType? = { _ in nil }
    ) throws(ClientError) -> (values: [JSONValue], remarks: [String]) {
        switch content {
        case .json(let value): return ([value], [])
        case .yaml(let documents):
            var (values, remarks) = ([JSONValue](), [String]())
            do throws(YAMLError) {
                for document in documents {
                    var reading = try document.read()
                    if let shape = shape(reading.value) { reading = try document.read(as: shape) }
                    remarks += reading.remarks.map { "\(name): \($0)" }
                    values.append(reading.value)
                }
            } catch {
                throw ClientError(.usage, "\(name) is neither JSON nor YAML: \(error)")
            }
            return (values, remarks)
        }
    }

    /// The one value in it. What is odd about it is told.
    ///
    /// - Parameters:
    ///   - shape: what it is for; nil for anything.
    ///   - remedy: what else to do with several.
    /// - Throws: `ClientError` of kind `usage` if it holds another number of them.
    func value(as shape: FieldType? = nil, orElse remedy: String = "") throws(ClientError) -> JSONValue {
        let (values, remarks) = try values { _ in shape }
        guard values.count == 1 else { throw ClientError(.usage, "\(name) must hold one object\(remedy)") }
        for remark in remarks { Console.note(remark) }
        return values[0]
    }

    /// The one object in it. What is odd about it is told.
    ///
    /// - Throws: `ClientError` of kind `usage` if it holds several, or something else.
    func object(as shape: FieldType?, orElse remedy: String = "") throws(ClientError) -> JSONObject {
        guard let object = try value(as: shape, orElse: remedy).objectValue else {
            throw ClientError(.usage, "\(name) must hold one object\(remedy)")
        }
        return object
    }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    static func bytes(of path: String) async throws(ClientError) -> [UInt8] {
        try await BlockingPool.shared.run { () throws(ClientError) in try read(path) }
    }

    @available(*, noasync)
    private static func read(_ path: String) throws(ClientError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LocalFile.failure("read", path) }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw LocalFile.failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit { throw ClientError(.usage, "\(path) has more than \(limit) bytes") }
        }
    }
}
