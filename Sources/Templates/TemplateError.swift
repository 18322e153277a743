/// Why a text is not a template, worded like Go's `text/template` words it.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The name of the template.
    public let name: String

    /// The line, from 1, that the parser had reached.
    public let line: Int

    /// What is wrong, such as `function "x" not defined`.
    public let message: String

    /// An error at a line of a template.
    public init(name: String, line: Int, message: String) {
        self.name = name
        self.line = line
        self.message = message
    }

    /// The whole text, such as `template: motd:3: unexpected EOF`.
    public var description: String { "template: \(name):\(line): \(message)" }
}
