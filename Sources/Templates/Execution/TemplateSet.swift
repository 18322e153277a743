import Basics
import JSON

/// Templates that may call each other by name: whole texts and the definitions in them.
///
/// As in Go, what is added later replaces what has the same name, unless it shows nothing but space.
public struct TemplateSet: Sendable {
    /// A body, and where it stands.
    struct Body: Sendable {
        /// The name under which it is executed.
        let name: String

        /// The name of the text in which it stands.
        let source: String

        let nodes: [Node]
    }

    private var bodies: [Identifier: Body] = [:]

    /// Finds the text of a name that is not in the set, such as one that is stored; nil finds none.
    private let fallback: (@Sendable (String) -> Template?)?

    /// A set of templates.
    public init(_ templates: [Template] = [], fallback: (@Sendable (String) -> Template?)? = nil) {
        self.fallback = fallback
        for template in templates { insert(template) }
    }

    /// Adds a text with its definitions.
    public mutating func insert(_ template: Template) {
        add(Body(name: template.name, source: template.name, nodes: template.root))
        for (name, nodes) in template.definitions {
            add(Body(name: name.text, source: template.name, nodes: nodes))
        }
    }

    /// The body of a name. A text that the fallback finds stays in the set with its definitions.
    mutating func body(named name: String) -> Body? {
        if let body = bodies[Identifier(name)] { return body }
        guard let template = fallback?(name) else { return nil }
        insert(template)
        return bodies[Identifier(name)]
    }

    private mutating func add(_ body: Body) {
        let name = Identifier(body.name)
        guard bodies[name] == nil || !body.nodes.allSatisfy(\.isBlank) else { return }
        bodies[name] = body
    }
}
