/// Why a function or method gives no value.
public struct TemplateFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong, such as `index out of range: 3`.
    public let message: String

    /// The limit that was reached; nil when it was none.
    public let limit: TemplateLimits.Kind?

    /// A failure.
    public init(_ message: String) {
        self.message = message
        limit = nil
    }

    /// A limit was reached.
    init(_ message: String, limit: TemplateLimits.Kind) {
        self.message = message
        self.limit = limit
    }

    /// The message.
    public var description: String { message }
}

/// Why the execution of a template ended early, worded like Go's `text/template` words it.
public struct TemplateExecutionError: Error, Sendable, CustomStringConvertible {
    /// Where execution was.
    public struct Place: Sendable {
        /// The name of the text in which the action stands.
        public let source: String

        /// The line, from 1.
        public let line: Int

        /// The bytes of the line in front of the action.
        public let column: Int

        /// The name of the template that was being executed: that of the text or of a definition in it.
        public let template: String

        /// The action or the part of it, as template text.
        public let action: String
    }

    /// The name of the template that was to be executed.
    public let name: String

    /// Where execution was; nil before its first action.
    public let place: Place?

    /// What is wrong.
    public let message: String

    /// The limit that was reached; nil when it was none.
    public let limit: TemplateLimits.Kind?

    /// The whole text, such as `template: motd:3:5: executing "motd" at <.Name>: nil data; no entry for key "Name"`.
    public var description: String {
        guard let place else { return "template: \(name): \(message)" }
        return "template: \(place.source):\(place.line):\(place.column): executing "
            + "\(GoLiteral.quoted(place.template)) at <\(place.action)>: \(message)"
    }
}
