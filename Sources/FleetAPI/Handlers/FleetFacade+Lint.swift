import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What an operator would want to know of an inventory: variables that change nothing, things that are missing or do not fit.
extension FleetFacade {
    var lintRoute: Route<FleetSession> {
        let query = QuerySchema([.init("rule", .string), .init("limit", .limit, initial: 100)])
        return route(.get, "/lint", .plain, query: query) { call in
            let lint = FleetLint(try Self.rules(call), call.rights, in: call.snapshot)
            let limit = call.arguments["limit"]?.intValue.flatMap { $0 == 0 ? nil : $0 } ?? .max
            return .task {
                await CooperativePool.run {
                    let rows = lint.findings(limit: limit).map { JSONValue.object(Self.row($0)) }
                    return call.answer(["findings": .array(rows)])
                }
            }
        }
    }

    /// The rules that are asked for, with commas; all without any.
    ///
    /// - Throws: 400 for one that there is not.
    private static func rules(_ call: FleetCall) throws(FleetRefusal) -> Set<FleetFinding.Rule> {
        guard let text = call.arguments.text("rule") else { return Set(FleetFinding.Rule.allCases) }
        var rules: Set<FleetFinding.Rule> = []
        for name in text.parts(between: ",") {
            guard let rule = FleetFinding.Rule(rawValue: String(name)) else {
                let names = FleetFinding.Rule.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                throw ValidationText.refusal(["\(PythonText.repr(String(name))) is not one of [\(names)]"])
            }
            rules.insert(rule)
        }
        return rules
    }

    private static func row(_ finding: FleetFinding) -> JSONObject {
        var row = finding.object.title(finding.typeName)
        row["rule"] = .string(finding.rule.rawValue)
        row["message"] = .string(finding.text)
        row["variable"] = finding.variable.map { .string($0) } ?? .null
        return row
    }
}
