import Templates
import Testing

/// Parses a template named `t`.
func parse(_ text: String) throws -> Template {
    try Template(parsing: text, name: "t")
}

/// The error that a template gives, as text; nil when it parses.
func failure(of text: String, name: String = "t") -> String? {
    do throws(TemplateError) {
        _ = try Template(parsing: text, name: name)
        return nil
    } catch {
        return error.description
    }
}

/// The nodes as template text, with the text nodes quoted so that their bounds are seen.
func outline(_ nodes: [Node]) -> String {
    nodes.map { node in
        if case .text(let text, _) = node { return "[\(text)]" }
        return "\(node)"
    }.joined()
}
