import Basics
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Testing
import Tracker

@testable import FleetAPI

@Suite struct `A refusal of the inventory` {
    /// What the client in use can read without falling over (F §1).
    private static let digestible: Set<Int> = [
        400, 401, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 422, 500,
    ]
    private let logger = Logger(label: "test")

    @Test(arguments: 400...599)
    func `has a status that the client can digest`(status: Int) {
        let refusal = FleetRefusal(HTTPError(status, .malformedBody, "why"), logger)
        #expect(Self.digestible.contains(refusal.status))
        #expect(refusal.status == status || !Self.digestible.contains(status))
        #expect(refusal.message == "why")
    }

    @Test(arguments: [(408, 400), (429, 403), (501, 405), (502, 500), (503, 500), (504, 500), (402, 400), (418, 400)])
    func `has the nearest status for others`(status: Int, shown: Int) {
        #expect(FleetRefusal(status, "x").status == shown)
    }

    @Test(arguments: TrackerError.Code.allCases)
    func `has a status for all that the tracker refuses`(code: TrackerError.Code) {
        let refusal = FleetRefusal(TrackerError(code, "fleet_hosts", key: "1", ["one", "two"]), logger)
        #expect(Self.digestible.contains(refusal.status))
        let hidden: [TrackerError.Code] = [.notFound, .hidden, .internalFault]
        #expect(hidden.contains(code) || refusal.message == "one\ntwo")
        #expect(refusal.isDenied == (code == .denied))
    }

    @Test func `tells nothing of a defect`() {
        struct Defect: Error {}
        let refusal = FleetRefusal(Defect(), logger)
        #expect(refusal.status == 500 && refusal.message == "An unknown exception occurred")
    }

    @Test func `names its request also where there is none`() {
        let answer = FleetRefusal(400, "x").answer(to: nil)
        #expect(answer.headers[.fleetRequestID]?.hasBytePrefix("req-") == true)
    }
}
