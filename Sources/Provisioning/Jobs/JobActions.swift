import Basics
public import JSON
import Templates
public import Tracker

/// The scripts and files of a job's task, as its machine is to have them (C §15.4).
extension Renderer {
    /// What a runner has to do for a job: for each template of its task a file or script, rendered for the machine.
    ///
    /// - Parameters:
    ///   - job: the job.
    ///   - system: the operating system of the runner, as templates name it; empty for any.
    /// - Throws: what keeps a template from being rendered: also a param that the task requires, and that the machine lacks.
    public func actions(
        of job: StoredObject, machine: StoredObject, forSystem system: String
    ) throws(RenderError) -> [JSONObject] {
        guard case .task(let name) = TaskEntry(job.text("Task")) else { return [] }
        guard let task = view.object("tasks", name) else { throw RenderError("Task \(name) does not exist") }
        let scene = try scene(RenderSubject(machine: machine, task: task))
        for param in task.texts("RequiredParams") where scene.value(of: param) == nil {
            throw RenderError("Task \(name) requires the param \(param), and the machine has none: set it")
        }
        var actions: [JSONObject] = []
        for info in task.object.objects("Templates") where Self.isFor(system, info) {
            let source = TemplateSource(info)
            let path = try scene.render(source.path, named: source.name, missingKey: .error)
            actions.append([
                "Name": .string(source.name), "Path": .string(path), "Content": .string(try scene.render(source)),
                "Meta": .object(info.members("Meta")),
            ])
        }
        return actions
    }

    /// Whether a template is for runners of an operating system: it names that or any, or none at all.
    private static func isFor(_ system: String, _ info: JSONObject) -> Bool {
        let named = info.members("Meta").text("OS")
        if system.isEmpty || named.isEmpty { return true }
        return named.parts(between: ",").contains { word in
            let word = word.trimmedSpaces.asciiLowercased
            return word == "any" || word.hasSameUTF8(as: system.asciiLowercased)
        }
    }
}
