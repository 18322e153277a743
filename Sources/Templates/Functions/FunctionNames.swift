import Basics
import JSON

/// The functions that templates may call; a call of any other one does not parse.
public struct FunctionNames: Sendable, Equatable {
    private let names: Set<Identifier>

    /// A set of function names.
    public init(_ names: some Sequence<String>) {
        self.names = Set(names.map { Identifier($0) })
    }

    /// Whether a function of this name may be called.
    public func contains(_ name: String) -> Bool { names.contains(Identifier(name)) }

    /// These functions and the others.
    public func union(_ others: FunctionNames) -> FunctionNames { FunctionNames(names.union(others.names).map(\.text)) }

    /// The functions of Go's `text/template` itself.
    public static let builtins = FunctionNames(
        words("and call eq ge gt html index js le len lt ne not or print printf println slice urlquery"))

    /// What content packs may use: the built-in and the ``sprig`` functions (contract C §16).
    public static let provisioning = builtins.union(sprig)

    /// The words of a list separated by spaces and line breaks.
    static func words(_ list: String) -> [String] {
        list.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
