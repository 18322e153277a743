import Basics
import TemplateCryptography
import Templates

/// The functions that content packs may use, with those for cryptography.
let allFunctions = FunctionTable.provisioning.merging(.cryptography)

/// What a template shows with sprig's functions for cryptography; an error as `error: …` without its place.
func shown(
    _ text: String, _ data: TemplateValue = .missing, limits: TemplateLimits = TemplateLimits(steps: 50_000_000)
) throws -> String {
    let template = try Template(parsing: text, name: "t")
    do throws(TemplateExecutionError) {
        return try template.execute(
            data, functions: allFunctions, options: TemplateOptions(limits: limits))
    } catch {
        return "error: \(error.message)"
    }
}

/// Whether a template reaches a limit of so many steps.
func isOverLimit(_ text: String, steps: Int) throws -> Bool {
    try shown(text, limits: TemplateLimits(steps: steps)).hasBytePrefix("error: exceeded maximum number of steps")
}

extension String {
    /// The parts between separators.
    func parts(of separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
