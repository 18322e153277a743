import Basics
import JSON
import Templates
import Tracker

/// Checks of the templates within bootenvs, stages and tasks (C §5.1).
extension Findings {
    /// Reports what is wrong with the templates of `object` and which shared templates are missing.
    ///
    /// - Parameter isPathRequired: tasks may leave the path out, and then have a script.
    mutating func checkTemplates(of object: JSONObject, isPathRequired: Bool, _ change: ChangeContext) {
        var positions: [Identifier: Int] = [:]
        for (index, template) in object.objects("Templates").enumerated() {
            checkParts(of: template, index, isPathRequired: isPathRequired)
            let name = template.text("Name")
            if let first = positions[Identifier(name)] {
                addError("Template \(index) and \(first) have the same name \(name)")
            } else {
                positions[Identifier(name)] = index
            }
            let id = template.text("ID")
            if !id.isEmpty, change.object("templates", id) == nil {
                let message = "Templates[\(index)]: No common template for \(id)"
                let refusal = "bootenvs: \(change.key): \(message)"
                addDangling(message, refusal: change.type.typeName == "bootenvs" ? refusal : nil)
            }
        }
    }

    private mutating func checkParts(of template: JSONObject, _ index: Int, isPathRequired: Bool) {
        let (name, path, link) = (template.text("Name"), template.text("Path"), template.text("Link"))
        let (id, contents) = (template.text("ID"), template.text("Contents"))
        if name.isEmpty { addError("Template[\(index)] is missing a Name") }
        if path.isEmpty, isPathRequired { addError("Template[\(index)] is missing a Path") }
        checkText(path, called: name, as: "Template[\(index)] Path")
        checkText(link, called: name, as: "Template[\(index)] Link")
        checkText(contents, called: name, as: "Template[\(index)] Contents")
        if id.isEmpty, link.isEmpty, contents.isEmpty {
            addError("Template[\(index)] must have either an ID, a Link, or Contents set")
        }
        if !id.isEmpty, !contents.isEmpty { addError("Template[\(index)] has both an ID and Contents") }
    }

    /// Refuses a text that is no template.
    ///
    /// - Parameters:
    ///   - name: what the parser calls it.
    ///   - what: what it is, for the message.
    mutating func checkText(_ text: String, called name: String, as what: String) {
        // The parser is spared the many texts without an action, which are templates whatever they hold.
        guard text.contains(text: "{{") else { return }
        do throws(TemplateError) {
            _ = try Template(parsing: text, name: name)
        } catch {
            addError("\(what) is not a valid text/template: \(error)")
        }
    }
}
