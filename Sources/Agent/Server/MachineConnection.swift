import Basics
import Client
import JSON

/// What an agent asks about its own machine and the jobs of it.
struct MachineConnection: Sendable {
    /// The server.
    let server: ServerConnection
    /// The machine's UUID.
    let uuid: String

    /// The machine as it is now.
    ///
    /// - Throws: `ClientError`.
    func machine() async throws(ClientError) -> MachineState {
        guard let (object, etag) = try await server.get(["machines", uuid]) else {
            throw ClientError(.malformed, "the server did not answer for machines/\(uuid)")
        }
        return MachineState(object, etag: etag)
    }

    /// The machine, as soon as it is another than it was.
    ///
    /// - Throws: `ClientError`.
    func machine(after known: MachineState) async throws(ClientError) -> MachineState {
        while true {
            if let (object, etag) = try await server.get(["machines", uuid], unless: known.etag) {
                return MachineState(object, etag: etag)
            }
        }
    }

    /// Sets members of the machine. What the server refuses, as on one that is locked, is thrown.
    ///
    /// - Throws: `ClientError`.
    func set(_ members: (name: String, value: JSONValue)...) async throws(ClientError) {
        try await server.patch(["machines", uuid], members)
    }

    /// A job; nil if there is none of that UUID.
    ///
    /// - Throws: `ClientError`.
    func job(_ job: String) async throws(ClientError) -> JobState? {
        guard UUIDText.canonical(job) != nil, job.utf8.contains(where: { $0 != 0x30 && $0 != 0x2D }) else { return nil }
        do throws(ClientError) {
            return try await server.get(["jobs", job]).map { JobState($0.object) }
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    /// What the server says when it is asked for the next job (C §15.3).
    enum Next: Sendable {
        /// There is one to be run.
        case job(JobState)
        /// There was one, which the server did itself.
        case doneByServer(JobState)
        /// Nothing is to be done here at present.
        case nothing
        /// None may be begun at present, for this reason.
        case notNow(String)
    }

    /// Asks for the next job. It is named by the agent, so that one whose answer was lost is given again.
    ///
    /// - Throws: `ClientError`.
    func next(context: String) async throws(ClientError) -> Next {
        let order: JSONValue = [
            "Machine": .string(uuid), "Context": .string(context), "Uuid": .string(Environment().uuid()),
        ]
        do throws(ClientError) {
            let answer = try await server.send(APIRequest("POST", ["jobs"], body: order))
            guard answer.status != 204 else { return .nothing }
            let job = JobState(try answer.json())
            return job.isDone ? .doneByServer(job) : .job(job)
        } catch {
            guard error.kind == .conflict else { throw error }
            return .notNow(error.message)
        }
    }

    /// What is to be done for a job on Linux.
    ///
    /// - Throws: `ClientError`, also of a task that cannot be rendered.
    func actions(of job: String) async throws(ClientError) -> [JobAction] {
        let answer = try await server.send(APIRequest("GET", ["jobs", job, "actions"], query: [("os", "linux")]))
        return try answer.json().arrayValue?.map(JobAction.init) ?? []
    }
}
