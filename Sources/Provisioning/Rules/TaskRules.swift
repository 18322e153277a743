import Basics
import JSON
import Tracker

/// What tasks must be (C §5.1).
struct TaskRules: ObjectRules {
    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard change.action == .create, object.members("Meta")["feature-flags"] == nil else { return }
        object.addFeatureFlag("sane-exit-codes")
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParamLists(of: object)
        findings.checkTemplates(of: object, isPathRequired: false, change)
        checkSystems(object.objects("Templates"), &findings)
        for (index, name) in object.texts("Prerequisites").enumerated() where change.object("tasks", name) == nil {
            // A task that requires itself is told of as a cycle.
            if name.hasSameUTF8(as: change.key) { continue }
            findings.addDangling(
                "Task \(name) (at \(index)) does not exist",
                refusal: "Task \(change.key) missing prerequisite \(name)")
        }
        if let cycle = PrerequisiteCycle(of: change.key, object.texts("Prerequisites"), in: change.view) {
            findings.addRefusal("Task \(cycle.task) depends on itself!")
            findings.addRefusal("\(cycle.path.joined(separator: ": ")) (cycle at \(cycle.start))")
        }
    }

    private static let systems = [
        "any", "darwin", "esxi", "freebsd", "linux", "netbsd", "openbsd", "solaris", "windows",
    ]

    /// Templates name the operating systems they are for either all or not at all.
    private func checkSystems(_ templates: [JSONObject], _ findings: inout Findings) {
        let lists = templates.map { $0.members("Meta")["OS"]?.stringValue }
        var isExplained = false
        for (index, list) in lists.enumerated() {
            for name in (list ?? "any").parts(between: ",") {
                let words = name.split(whereSeparator: \.isWhitespace)
                if words.count == 1, Self.systems.contains(bytesOf: words[0].asciiLowercased) { continue }
                findings.addError("Template[\(index)]: Invalid OS value \(name)")
                if !isExplained { findings.addError("Valid values are: \(Self.systems.joined(separator: ","))") }
                isExplained = true
            }
        }
        if lists.contains(where: { $0 != nil }), lists.contains(where: { $0 == nil }) {
            findings.addError("Cannot mix templates with OS metadata and templates without OS metadata")
            for (index, (template, list)) in zip(templates, lists).enumerated() {
                let state = list.map { "has OS metadata \($0)" } ?? "is missing OS metadata"
                findings.addError("Template[\(index)] \(template.text("Name")) \(state)")
            }
        }
    }
}
