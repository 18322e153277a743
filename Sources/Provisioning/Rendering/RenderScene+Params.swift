import Basics
import Content
import JSON
import Templates
import Tracker

/// What templates ask of params (C §16).
extension RenderScene {
    /// The answer to a method about a param; nil for other methods.
    func paramMethod(
        _ method: String, _ name: String, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue? {
        switch method {
        case "ParamExists": return .bool(value(of: name) != nil)
        case "Param": return TemplateValue(try needed(value(of: name), name))
        case "ParamExpand": return try expandAll(in: TemplateValue(needed(value(of: name), name)), &context)
        case "ParamAsJSON": return .string(try needed(value(of: name), name).canonicalText)
        case "ParamAsYAML": return .string(YAMLText.text(of: try needed(value(of: name), name)))
        case "ParamCompose", "ComposeParam": return TemplateValue(try needed(composed(name), name))
        case "ParamComposeExpand": return try expandAll(in: TemplateValue(needed(composed(name), name)), &context)
        default: return nil
        }
    }

    private func needed(_ value: JSONValue?, _ name: String) throws(TemplateFailure) -> JSONValue {
        guard let value else { throw TemplateFailure("No such machine parameter \(name)") }
        return value
    }

    /// A value in which each text is rendered.
    func expandAll(
        in value: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        try context.spend()
        switch value {
        case .string(let text): return .string(try expand(text, named: "expand", &context))
        case .list(let list):
            var elements: [TemplateValue] = []
            for element in list.elements { elements.append(try expandAll(in: element, &context)) }
            return try context.list(elements, of: list.element)
        case .map(let map):
            var entries: [Identifier: TemplateValue] = [:]
            for (key, value) in map.sorted { entries[Identifier(key)] = try expandAll(in: value, &context) }
            return context.map(entries, of: map.element)
        default: return value
        }
    }

    /// Executes the shared template of a name that was computed.
    func callTemplate(
        _ name: String, _ dot: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> String {
        do throws(TemplateExecutionError) {
            return try shared.execute(name, dot, functions: RenderServices.functions, context: &context)
        } catch { throw TemplateFailure(error.description) }
    }
}
