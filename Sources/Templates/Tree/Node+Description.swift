extension Node: CustomStringConvertible {
    /// The node as template text; parsing it gives the same tree.
    public var description: String {
        switch self {
        case .text(let text, _): text
        case .action(let pipeline): "{{\(pipeline)}}"
        case .branch(let branch): branch.description
        case .loop(let loop): loop.description
        case .call(let call): call.description
        case .exit: "{{break}}"
        case .next: "{{continue}}"
        }
    }

    /// Where the node begins; Go gives branches and loops the place of their pipelines.
    public var position: Position {
        switch self {
        case .text(_, let position), .exit(let position), .next(let position): position
        case .action(let pipeline): pipeline.position
        case .branch(let branch): branch.clauses[0].pipeline.position
        case .loop(let loop): loop.pipeline.position
        case .call(let call): call.position
        }
    }

    /// Whether nothing but space would be shown; Go lets such a definition give way to any other.
    var isBlank: Bool {
        guard case .text(let text, _) = self else { return false }
        return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}

extension Node.Branch: CustomStringConvertible {
    /// The branch as template text.
    public var description: String {
        var text = ""
        for (index, clause) in clauses.enumerated() {
            text += index == 0 ? "{{" : "{{else "
            text += "\(keyword.rawValue) \(clause.pipeline)}}" + spelled(clause.body)
        }
        return text + spelledEnd(else: otherwise)
    }
}

extension Node.Loop: CustomStringConvertible {
    /// The loop as template text.
    public var description: String { "{{range \(pipeline)}}" + spelled(body) + spelledEnd(else: otherwise) }
}

extension Node.Call: CustomStringConvertible {
    /// The call as template text.
    public var description: String {
        "{{template \(GoLiteral.quoted(name))" + (pipeline.map { " \($0)" } ?? "") + "}}"
    }
}

private func spelled(_ nodes: [Node]) -> String {
    nodes.map(\.description).joined()
}

private func spelledEnd(else nodes: [Node]) -> String {
    (nodes.isEmpty ? "" : "{{else}}" + spelled(nodes)) + "{{end}}"
}
