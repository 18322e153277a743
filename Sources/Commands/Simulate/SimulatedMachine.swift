import Basics
import Client
import JSON

/// A machine that is played: what a runner on it would ask the server, one request after the other.
struct SimulatedMachine: Sendable {
    private let number: Int
    private let plan: SimulationPlan
    private let records: SimulationRecords
    /// Asks as whoever runs the simulation.
    private let client: MusterClient
    /// Asks as the machine.
    private let connection: DedicatedConnection

    /// The machine of that number, which is itself on the other end of `connection`.
    init(
        number: Int, _ plan: SimulationPlan, _ records: SimulationRecords, _ client: MusterClient,
        _ connection: DedicatedConnection
    ) {
        (self.number, self.plan, self.records) = (number, plan, records)
        (self.client, self.connection) = (client, connection)
    }

    /// What machines are called, before their number.
    static let prefix = "sim-"

    private var name: String { "\(Self.prefix)\(number)" }

    /// A hardware address of the range for own use.
    private var hardwareAddress: String {
        let bytes = [0x02, 0x6d] + (0..<4).reversed().map { number >> ($0 * 8) & 0xff }
        return bytes.map { Hexadecimal.encode([UInt8($0)]) }.joined(separator: ":")
    }

    /// Registers, and works until the workflow is complete.
    ///
    /// - Throws: `ClientError` of what the server refuses.
    func live() async throws(ClientError) {
        let (uuid, token) = try await register()
        var failed: Set<Int> = []
        while true {
            let order: JSONValue = ["Machine": .string(uuid), "Uuid": .string(Self.freshUUID())]
            let answer = try await ask("order", "POST", ["jobs"], order, token)
            if answer.status == 204 {
                if try await rest(uuid, token) { return }
                continue
            }
            let job = try answer.json()
            let index = job["CurrentIndex"]?.intValue ?? 0
            let fails = plan.fails(machine: number, index: index) && failed.insert(index).inserted
            try await work(job["Uuid"]?.stringValue ?? "", of: uuid, fails: fails, token)
        }
    }

    /// Finds out which machine this is, or makes one, and has it begin its workflow.
    private func register() async throws(ClientError) -> (uuid: String, token: String) {
        let whoami: JSONValue = ["MacAddrs": [.string(hardwareAddress)]]
        var found = try await ask("whoami", "POST", ["whoami"], whoami, nil).json()["Result"]
        if found?["Uuid"]?.stringValue ?? "" == "" {
            let machine: JSONValue = [
                "Name": .string(name), "HardwareAddrs": [.string(hardwareAddress)], "Workflow": .string(plan.workflow),
            ]
            var refusal: ClientError?
            do throws(ClientError) { _ = try await ask("register", "POST", ["machines"], machine, nil) } catch {
                refusal = error
            }
            found = try await ask("whoami", "POST", ["whoami"], whoami, nil).json()["Result"]
            // It is refused as well if it came twice because the first answer was lost.
            if let refusal, found?["Uuid"]?.stringValue ?? "" == "" { throw refusal }
        } else if let uuid = found?["Uuid"]?.stringValue {
            try await patch("restart", ["machines", uuid], ["Workflow": ""], nil)
            try await patch(
                "restart", ["machines", uuid], ["Workflow": .string(plan.workflow), "Runnable": true], nil)
        }
        guard let uuid = found?["Uuid"]?.stringValue, let token = found?["Token"]?.stringValue, !uuid.isEmpty else {
            throw ClientError(.malformed, "the server does not know \(name) again by its address \(hardwareAddress)")
        }
        return (uuid, token)
    }

    /// What comes after there was no job: boots where the server wants that.
    ///
    /// - Returns: whether all is done.
    private func rest(_ uuid: String, _ token: String) async throws(ClientError) -> Bool {
        let machine = try await ask("look", "GET", ["machines", uuid], nil, token).json()
        if machine["WorkflowComplete"] == true { return true }
        guard machine["Runnable"] == false else {
            throw ClientError(.refused, "\(name) has no job, and its workflow \(plan.workflow) is not complete")
        }
        records.count(.boot)
        try await patch("boot", ["machines", uuid], ["Runnable": true], token)
        return false
    }

    /// Does a job; one that fails, an operator has tried again.
    private func work(_ job: String, of uuid: String, fails: Bool, _ token: String) async throws(ClientError) {
        try await patch("begin", ["jobs", job], ["State": "running"], token)
        _ = try await ask(
            "scripts", "GET", ["jobs", job, "actions"], nil, token, query: [("os", "linux")])
        if !plan.log.isEmpty { try await log(job, token) }
        guard fails else {
            try await patch("end", ["jobs", job], ["State": "finished", "ExitState": "complete"], token)
            return records.count(.job)
        }
        try await patch("end", ["machines", uuid], ["Runnable": false], token)
        try await patch("end", ["jobs", job], ["State": "failed", "ExitState": "failed"], token)
        records.count(.failure)
        try await patch("resume", ["machines", uuid], ["Runnable": true], nil)
    }

    private func log(_ job: String, _ token: String) async throws(ClientError) {
        var request = APIRequest("PUT", ["jobs", job, "log"])
        (request.body, request.contentType) = (plan.log, "application/octet-stream")
        _ = try await send("log", request, token)
        records.count(.logBytes, plan.log.count)
    }

    // MARK: Requests

    private func patch(
        _ kind: String, _ path: [String], _ fields: JSONObject, _ token: String?
    ) async throws(ClientError) {
        let operations = fields.map { name, value -> JSONValue in
            ["op": "replace", "path": .string("/\(name)"), "value": value]
        }
        _ = try await ask(kind, "PATCH", path, .array(operations), token)
    }

    /// - Parameter token: the machine's own; nil to ask as whoever runs the simulation.
    private func ask(
        _ kind: String, _ method: String, _ path: [String], _ body: JSONValue?, _ token: String?,
        query: [(name: String, value: String)] = []
    ) async throws(ClientError) -> APIResponse {
        try await send(kind, APIRequest(method, path, query: query, body: body), token)
    }

    private func send(_ kind: String, _ request: APIRequest, _ token: String?) async throws(ClientError) -> APIResponse
    {
        var request = request
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        // Whose answer is lost is asked again: every request comes to the same when it comes twice.
        let start = ContinuousClock.now
        while true {
            do throws(ClientError) {
                let answer = try await token == nil ? client.send(request) : connection.send(request)
                records.add(kind, start.duration(to: .now))
                return answer
            } catch {
                let isPatient = !Task.isCancelled && start.duration(to: .now) < Self.patience
                guard error.kind == .unreachable, isPatient else { throw error }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private static func freshUUID() -> String {
        UUIDText.version4(from: (0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// How long a server may be away.
    private static let patience = Duration.seconds(60)
}
