import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What the routes of `/api/v3` understand beside their paths and bodies. Other arguments are ignored, or are filters of lists
/// (C §7.2), but for routes that refuse them.
extension RouteInputs {
    /// The arguments that name a past state to answer a read from.
    static let past: Set<Identifier> = ["revision", "at"]
    /// The fields that hold conditions on the state of what is asked about (RFC 9110 §13).
    static let conditions: Set<HTTPField.Name> = [.ifMatch, .ifNoneMatch]

    /// What has etags and a past beside objects of a type.
    private static let withTags: Set<Identifier> = ["meta", "prefs"]

    /// What a route understands: what it states itself, and, if it is about objects, conditions and states of the past.
    static func of(_ route: Route, in catalog: Catalog) -> RouteInputs {
        var inputs = route.inputs
        guard let family = route.pattern.family,
            withTags.contains(Identifier(family)) || catalog[TypeName(family)] != nil
        else { return inputs }
        if route.method == .get || route.method == .head { inputs.arguments.formUnion(past) }
        switch route.requirement {
        case .action, .claim(scope: _, action: "password"): break
        default: inputs.headers.formUnion(conditions)
        }
        return inputs
    }
}
