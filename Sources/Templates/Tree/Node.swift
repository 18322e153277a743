/// A piece of a template: text to be copied or an action to be executed.
public enum Node: Sendable, Equatable {
    /// Text, already without what trim markers take away; never empty.
    case text(String, Position)

    /// `{{pipeline}}`: shows the value, or nothing when the pipeline sets variables.
    case action(Pipeline)

    /// `{{if}}` or `{{with}}` up to its `{{end}}`.
    case branch(Branch)

    /// `{{range}}` up to its `{{end}}`.
    case loop(Loop)

    /// `{{template}}`, or the `{{block}}` whose body is among the definitions.
    case call(Call)

    /// `{{break}}`, found only in the body of a loop.
    case exit(Position)

    /// `{{continue}}`, found only in the body of a loop.
    case next(Position)

    /// A place in the text of a template.
    public struct Position: Sendable, Equatable {
        /// The line, from 1.
        public let line: Int

        /// The bytes of the line in front of the place.
        public let column: Int
    }

    /// Clauses tried in turn; the body of the first one with a non-empty value is executed.
    ///
    /// Variables set by a clause stay visible in the clauses after it and in ``otherwise``.
    public struct Branch: Sendable, Equatable {
        /// What a clause does besides choosing its body.
        public enum Keyword: String, Sendable {
            /// Leaves dot alone.
            case `if`

            /// Sets dot to the value in the body.
            case with
        }

        /// One condition and its body.
        public struct Clause: Sendable, Equatable {
            /// The condition.
            public let pipeline: Pipeline

            /// What is executed when the condition holds.
            public let body: [Node]
        }

        /// `if` or `with`, the same for all clauses.
        public let keyword: Keyword

        /// The clauses, at least one: the opening one and every `else if` or `else with` after it.
        public let clauses: [Clause]

        /// What follows `{{else}}`; empty without one.
        public let otherwise: [Node]
    }

    /// A repetition over the elements of a value.
    public struct Loop: Sendable, Equatable {
        /// What is walked; its variables take the element, or the index and the element, in each round.
        public let pipeline: Pipeline

        /// What is executed with dot set to each element.
        public let body: [Node]

        /// What follows `{{else}}`, executed when there are no elements; empty without one.
        public let otherwise: [Node]
    }

    /// The execution of another template.
    public struct Call: Sendable, Equatable {
        /// Where the name stands.
        public let position: Position

        /// The name of the template.
        public let name: String

        /// Dot for the template; nil when it gets none.
        public let pipeline: Pipeline?
    }
}
