import ArgumentParser
import Basics
import Client
import JSON

/// `muster wait`.
struct WaitCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until fields of an object have values.",
        discussion: """
            The exit code is 0 when they have, 6 when the time is over, and 3 when there is no such object.

            Examples:
              muster wait machine Name:web-1 WorkflowComplete=true --timeout 30m
              muster wait machine Name:web-1 Stage=complete Runnable=true
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Argument(help: ArgumentHelp("FIELD=VALUE; all must hold.", valueName: "field=value")) var fields: [String]
    @Option(help: ArgumentHelp("How long to wait, as 90s, 10m or 2h.", valueName: "duration"))
    var timeout: String = "10m"
    @OptionGroup var client: ClientOptions

    var tellsWaiting: Bool { false }

    func validate() throws {
        if Self.seconds(timeout) == nil {
            throw ValidationError("`\(timeout)` is no duration. Write it as 90s, 10m or 2h")
        }
    }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let wanted = try fields.map { text throws(ClientError) in try FieldCondition(text, of: type) }
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(Self.seconds(timeout) ?? 600))
        var etag: String?
        var last = JSONValue.null
        while true {
            let rest = max(clock.now.duration(to: end).components.seconds, 0)
            var headers: [(name: String, value: String)] = []
            if let etag { headers = [("If-None-Match", etag), ("Prefer", "wait=\(min(rest, 60))s")] }
            let answer = try await session.client.send(APIRequest("GET", [type.name, key], headers: headers))
            if answer.status != 304 {
                last = try answer.json()
                etag = answer.header("etag")
                if wanted.allSatisfy({ $0.holds(for: last) }) {
                    return try session.format == nil ? () : session.show(last) { type.path(of: $0) }
                }
            }
            guard clock.now < end else {
                let open = wanted.filter { !$0.holds(for: last) }.map { "\($0.text) (it is \($0.found(in: last)))" }
                Console.complain(
                    "muster: after \(timeout) \(type.name)/\(key) still lacks \(open.joined(separator: ", "))")
                throw ExitCode(ExitStatus.unchecked.rawValue)
            }
        }
    }

    /// The seconds of a duration; nil if it is none.
    private static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let count = Int64(unit == nil ? text[...] : text.dropLast()), count >= 0, count < 1_000_000 else {
            return nil
        }
        return count * (unit ?? 1)
    }
}

/// A value that a field is to have.
struct FieldCondition {
    /// The condition as it was given.
    let text: String
    private let path: [String]
    private let value: String

    init(_ text: String, of type: TypeDescription) throws(ClientError) {
        guard let equals = text.firstByteIndex(of: "="), equals != text.startIndex else {
            throw ClientError(.usage, "`\(text)` is no FIELD=VALUE")
        }
        let parts = text[..<equals].parts(between: ".", maxSplits: 1).map(String.init)
        let field = try type.knownField(parts.first ?? "")
        self.text = text
        path = [field.name] + parts.dropFirst()
        value = String(text[text.utf8.index(after: equals)...])
    }

    /// What an object has in the field.
    func found(in object: JSONValue) -> String {
        var value: JSONValue? = object
        for name in path { value = value?[name] }
        return value.map(FieldList.cell) ?? ""
    }

    /// Whether an object has the value.
    func holds(for object: JSONValue) -> Bool { found(in: object).utf8.elementsEqual(value.utf8) }
}
