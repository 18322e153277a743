extension Execution {
    /// Executes nodes in turn, up to a `break` or `continue`.
    mutating func walk(_ nodes: [Node], _ dot: Reflected) throws(TemplateFailure) -> Flow {
        try context.descend()
        for node in nodes {
            try context.spend()
            place = .node(node)
            let flow = try walk(node, dot)
            guard flow == .end else {
                context.ascend()
                return flow
            }
        }
        context.ascend()
        return .end
    }

    private mutating func walk(_ node: Node, _ dot: Reflected) throws(TemplateFailure) -> Flow {
        switch node {
        case .text(let text, _): try write(text.utf8)
        case .action(let pipeline):
            let value = try evaluate(pipeline, dot)
            if pipeline.variables.isEmpty {
                place = .node(node)
                try show(value.value)
            }
        case .branch(let branch): return try walk(branch, dot)
        case .loop(let loop): return try walk(loop, dot)
        case .call(let call): try walk(call, dot)
        case .exit: return .exit
        case .next: return .next
        }
        return .end
    }

    private mutating func walk(_ branch: Node.Branch, _ dot: Reflected) throws(TemplateFailure) -> Flow {
        let mark = frame.variables.count
        defer { frame.variables.removeSubrange(mark...) }
        for clause in branch.clauses {
            let value = try evaluate(clause.pipeline, dot)
            if value.value.isTrue { return try walk(clause.body, branch.keyword == .with ? value : dot) }
        }
        return try walk(branch.otherwise, dot)
    }

    private mutating func walk(_ call: Node.Call, _ dot: Reflected) throws(TemplateFailure) {
        guard let body = set.body(named: call.name) else {
            throw TemplateFailure("template \(GoLiteral.quoted(call.name)) not defined")
        }
        guard let pipeline = call.pipeline else { return try self.call(body, .missing) }
        try self.call(body, try evaluate(pipeline, dot))
    }

    private mutating func walk(_ loop: Node.Loop, _ dot: Reflected) throws(TemplateFailure) -> Flow {
        let mark = frame.variables.count
        defer { frame.variables.removeSubrange(mark...) }
        let value = try evaluate(loop.pipeline, dot).value
        let inner = frame.variables.count
        switch value {
        case .list(let list) where !list.elements.isEmpty:
            for index in list.elements.indices {
                let key = Reflected(.int(index))
                let flow = try turn(loop, key, list[index], inner)
                if flow == .exit { return .end }
            }
            return .end
        case .map(let map) where !map.isEmpty:
            for (key, value) in map.sorted {
                let element = Reflected(value, isInterface: map.element.isInterface)
                let flow = try turn(loop, Reflected(.string(key)), element, inner)
                if flow == .exit { return .end }
            }
            return .end
        case .list, .map, .missing, .nil: return try walk(loop.otherwise, dot)
        default:
            throw TemplateFailure("range can't iterate over \(try text(of: value))")
        }
    }

    /// One turn of a loop.
    private mutating func turn(
        _ loop: Node.Loop, _ key: Reflected, _ element: Reflected, _ mark: Int
    ) throws(TemplateFailure) -> Flow {
        try context.spend()
        let variables = loop.pipeline.variables
        if let last = variables.last { try assign(last, element) }
        if variables.count > 1 { try assign(variables[0], key) }
        let flow = try walk(loop.body, element)
        frame.variables.removeSubrange(mark...)
        return flow
    }
}
