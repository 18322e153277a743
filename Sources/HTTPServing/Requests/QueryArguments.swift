import Basics
import JSON

/// The arguments of a URL's query, decoded, in their order.
package struct QueryArguments: Sendable {
    /// Names and values; a name without `=` has an empty value.
    package let all: [(name: String, value: String)]

    /// No arguments.
    package init() { all = [] }

    /// The arguments of `text`, which is what follows the `?`.
    package init(_ text: Substring?) {
        guard let text else {
            all = []
            return
        }
        all = text.utf8.split(separator: UInt8(ascii: "&")).map { argument in
            let end = argument.firstIndex(of: UInt8(ascii: "=")) ?? argument.endIndex
            let value = argument[end...].dropFirst()
            return (
                PercentEncoding.decode(Substring(argument[..<end]), plusIsSpace: true),
                PercentEncoding.decode(Substring(value), plusIsSpace: true)
            )
        }
    }

    /// The first value of `name`, or nil.
    package subscript(name: String) -> String? { all.first { $0.name.hasSameUTF8(as: name) }?.value }

    /// All values of `name`.
    package func values(of name: String) -> [String] { all.filter { $0.name.hasSameUTF8(as: name) }.map(\.value) }

    /// Whether `name` is given as `true`, or without a value.
    package func isSet(_ name: String) -> Bool { self[name].map { $0.isEmpty || $0 == "true" } ?? false }

    /// The elements of all comma lists given as `name`; nil if there is none.
    package func list(_ name: String) -> [String]? {
        let values = values(of: name)
        guard !values.isEmpty else { return nil }
        return values.flatMap { $0.parts(between: ",").filter { !$0.isEmpty }.map(String.init) }
    }
}
