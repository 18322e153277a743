public import Basics
import JSON

/// A parsed Go `text/template`: the nodes of its own text and those of the templates it defines.
///
/// Parsing is all that happens here; executing the tree is another matter. What parses in Go parses here and the other
/// way round, with two differences: nesting is limited to ``maximumNesting`` where Go has a limit of ten thousand, and
/// bytes that a string literal spells with escapes but that are not UTF-8 become U+FFFD.
public struct Template: Sendable, Equatable {
    /// How many blocks and parentheses may enclose each other; far above any template written by people, and low
    /// enough for the stack of a worker thread. A chain of `else if` counts once.
    public static let maximumNesting = 100

    /// The name given to ``init(parsing:name:functions:)``.
    public let name: String

    /// What the template itself shows when executed.
    public let root: [Node]

    /// The bodies of `{{define}}` and `{{block}}` by name, without the template's own name.
    ///
    /// As in Go, a body of nothing but space never replaces another one of the same name.
    public let definitions: [Identifier: [Node]]

    /// The names used by `{{template}}` and `{{block}}` anywhere in the text, whether or not they are defined in it.
    public let references: Set<Identifier>

    /// Parses a template (contract C §5 and §16).
    ///
    /// - Parameters:
    ///   - text: the template with `{{` and `}}` as delimiters.
    ///   - name: what errors call the template, and the name under which it would be executed.
    ///   - functions: the functions that an action may call.
    /// - Throws: the first error in the text, worded like Go's.
    public init(parsing text: String, name: String, functions: FunctionNames = .provisioning) throws(TemplateError) {
        var parser = Parser(text: text, name: name, functions: functions)
        let body = try parser.parse()
        self.name = name
        root = body
        definitions = parser.definitions
        references = parser.references
    }
}
