import Basics
import Client
import JSON

/// The workflow that simulated machines go through if none is named, and what a simulation leaves behind.
struct SimulatedContent: Sendable {
    /// The name of workflow and stage, and what names of tasks begin with.
    static let name = "simulate"

    private let client: MusterClient
    private let tasks: Int

    /// The content of so many tasks.
    init(_ client: MusterClient, tasks: Int) { (self.client, self.tasks) = (client, tasks) }

    /// Makes the workflow, or makes it what it is to be.
    ///
    /// - Throws: `ClientError`.
    func make() async throws(ClientError) {
        let names = (1...tasks).map { "\(Self.name)-\($0)" }
        for name in names {
            let script = "#!/bin/sh\necho {{.Machine.Name}} does \(name)\n"
            try await put("tasks", name, ["Templates": [["Name": "run", "Contents": .string(script)]]])
        }
        try await put("stages", Self.name, ["Tasks": JSONValue(names)])
        try await put("workflows", Self.name, ["Stages": [.string(Self.name)]])
    }

    private func put(_ type: String, _ name: String, _ fields: JSONObject) async throws(ClientError) {
        var object = fields
        object["Name"] = .string(name)
        object["Description"] = "Made by muster simulate"
        do throws(ClientError) {
            _ = try await client.send(APIRequest("PUT", [type, name], body: .object(object)))
        } catch {
            guard error.kind == .notFound else { throw error }
            _ = try await client.send(APIRequest("POST", [type], body: .object(object)))
        }
    }

    /// Takes away the machines of the first numbers, their jobs, and the workflow.
    ///
    /// - Returns: how many objects that were.
    /// - Throws: `ClientError`.
    func remove(machines count: Int, _ progress: ProgressLine) async throws(ClientError) -> Int {
        var removed = 0
        for number in 1...count {
            let key = "Name:\(SimulatedMachine.prefix)\(number)"
            let machine: JSONValue
            do throws(ClientError) {
                machine = try await client.send(APIRequest("GET", ["machines", key])).json()
            } catch {
                if error.kind == .notFound { continue }
                throw error
            }
            let uuid = machine["Uuid"]?.stringValue ?? ""
            removed += try await remove(jobsOf: uuid)
            _ = try await client.send(APIRequest("DELETE", ["machines", uuid]))
            removed += 1
            progress.tell("\(number) of \(count) machines removed")
        }
        for (type, prefix) in [("workflows", Self.name), ("stages", Self.name), ("tasks", Self.name + "-")] {
            removed += try await remove(type, [("Name", "Re(^\(prefix)[0-9]*$)")])
        }
        return removed
    }

    /// Removes a machine's jobs. One that was not ended is ended first: nobody works on it.
    private func remove(jobsOf machine: String) async throws(ClientError) -> Int {
        for state in ["created", "running", "incomplete"] {
            let jobs = try await client.send(
                APIRequest("GET", ["jobs"], query: [("Machine", machine), ("State", state)])
            ).json().arrayValue
            for job in jobs ?? [] {
                _ = try await client.send(
                    APIRequest(
                        "PATCH", ["jobs", job["Uuid"]?.stringValue ?? ""],
                        body: [["op": "replace", "path": "/State", "value": "failed"]]))
            }
        }
        return try await remove("jobs", [("Machine", machine)])
    }

    private func remove(_ type: String, _ filter: [(name: String, value: String)]) async throws(ClientError) -> Int {
        let field = type == "jobs" ? "Uuid" : "Name"
        let rows = try await client.send(APIRequest("GET", [type], query: filter)).json().arrayValue ?? []
        for row in rows {
            guard let key = row[field]?.stringValue else { continue }
            _ = try await client.send(APIRequest("DELETE", [type, key]))
        }
        return rows.count
    }
}
