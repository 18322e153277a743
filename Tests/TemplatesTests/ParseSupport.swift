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

/// Numbers that look random and are the same in each run with the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
