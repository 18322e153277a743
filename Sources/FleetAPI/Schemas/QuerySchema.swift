import Basics
import HTTPServing
import JSON

/// What a request's query may say.
struct QuerySchema: Sendable {
    /// What a value is.
    enum Kind: Sendable {
        case string
        case integer
        case boolean
        /// How many rows a page has.
        case limit
        /// One of two words.
        case direction
    }

    /// An argument.
    struct Argument: Sendable {
        let name: String
        let kind: Kind
        /// What it is where it is not given; nil for nothing.
        let initial: JSONValue?

        init(_ name: String, _ kind: Kind, initial: JSONValue? = nil) {
            (self.name, self.kind, self.initial) = (name, kind, initial)
        }
    }

    let arguments: [Argument]
    /// Other names of arguments, which the client in use sends (F §9).
    let synonyms: [(name: String, means: String)]
    /// Arguments of our own, which are none of the contract's: refusals are worded as if there were no such.
    let additions: [Argument]

    init(
        _ arguments: [Argument], synonyms: [(name: String, means: String)] = [], additions: [Argument] = []
    ) {
        (self.arguments, self.synonyms, self.additions) = (arguments, synonyms, additions)
    }

    static let none = QuerySchema([])

    /// The largest page.
    static let largestPage = 100

    /// The values of a query's arguments; of one that is given twice the first counts.
    ///
    /// - Throws: 400 with all that is wrong.
    func values(of query: QueryArguments) throws(FleetRefusal) -> QueryValues {
        var given: JSONObject = [:]
        for (name, value) in query.all {
            let name = synonyms.first { $0.name.hasSameUTF8(as: name) }?.means ?? name
            if given[name] == nil { given[name] = .string(value) }
        }
        var (values, problems): (JSONObject, [String]) = ([:], [])
        for argument in arguments + additions {
            guard let text = given.removeValue(forKey: argument.name)?.stringValue else {
                values[argument.name] = argument.initial
                continue
            }
            switch Self.value(of: text, argument.kind) {
            case .success(let value): values[argument.name] = value
            case .failure(let problem): problems.append(problem.text)
            }
        }
        problems += extra(given)
        guard problems.isEmpty else { throw ValidationText.refusal(problems) }
        return QueryValues(values: values)
    }

    private func extra(_ others: JSONObject) -> [String] {
        guard let text = ValidationText.extra(others.keys) else { return [] }
        return arguments.isEmpty ? [text, "\(PythonText.repr(.object(others))) has too many properties"] : [text]
    }

    private struct Problem: Error { let text: String }

    private static func value(of text: String, _ kind: Kind) -> Result<JSONValue, Problem> {
        switch kind {
        case .string: return .success(.string(text))
        case .boolean: return .success(.bool(!["n", "no", "false", "", "0"].contains(bytesOf: text.asciiLowercased)))
        case .direction:
            if ["asc", "desc"].contains(bytesOf: text) { return .success(.string(text)) }
            return .failure(Problem(text: "\(PythonText.repr(text)) is not one of ['asc', 'desc']"))
        case .integer, .limit:
            guard let number = Int(String(text.trimmedSpaces)) else {
                return .failure(Problem(text: "\(PythonText.repr(text)) is not of type 'integer'"))
            }
            if case .limit = kind {
                if number > largestPage {
                    return .failure(Problem(text: "\(number) is greater than the maximum of \(largestPage)"))
                }
                if number < 0 { return .failure(Problem(text: "\(number) is less than the minimum of 0")) }
            }
            return .success(JSONValue(number))
        }
    }
}

/// The values of a query's arguments.
struct QueryValues: Sendable {
    let values: JSONObject

    subscript(name: String) -> JSONValue? { values[name] }

    /// Whether a flag is set.
    func isSet(_ name: String) -> Bool { values[name]?.boolValue ?? false }

    /// A text; nil if there is none.
    func text(_ name: String) -> String? { values[name]?.stringValue }
}
