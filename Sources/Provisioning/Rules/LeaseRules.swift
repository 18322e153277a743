import Basics
import JSON
import Tracker

/// What leases must be (C §5.2).
struct LeaseRules: ObjectRules {
    private static let states: Set<Identifier> = ["", "PROBE", "OFFER", "ACK", "EXPIRED", "INVALID", "FAKE"]

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkAddress(object.text("Addr"))
        findings.checkSeconds("Duration", object.int("Duration"))
        let state = object.text("State")
        if !Self.states.contains(Identifier(state)) { findings.addError("Invalid State `\(state)`") }
    }
}
