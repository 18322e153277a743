import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Synchronization
import Tracker

/// What runners ask about jobs: the next one, and what is to be done for it (C §15.3, §15.4).
enum JobHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/jobs/{key}/actions", .claim(scope: "jobs", action: "actions"), actions),
            Route(.delete, "/jobs", .claim(scope: "jobs", action: "delete"), inputs: purgeInputs, purge),
        ]
            + [.post, .put, .patch].map {
                Route($0, "/jobs/{key}/archive", .claim(scope: "jobs", action: "update"), archive)
            }
    }

    // MARK: The next job

    /// Answers a request for a machine's next job; nil for one that brings a job as it is to be kept, which names its state.
    static let next: @Sendable (RequestContext) throws -> Reply? = { call in
        let body = try call.bodyObject("jobs")
        guard text("State", of: body).isEmpty else { return nil }
        try call.authorizeAsStated()
        let order = JobOrder(
            machine: text("Machine", of: body), context: text("Context", of: body), uuid: text("Uuid", of: body))
        return .task { try await next(order, call) }
    }

    private static func text(_ name: String, of body: JSONObject) -> String {
        body.first { $0.key.asciiLowercased.hasSameUTF8(as: name.asciiLowercased) }?.value.stringValue ?? ""
    }

    private static func next(_ order: JobOrder, _ call: RequestContext) async throws -> Answer {
        let made = Mutex<NextJob?>(nil)
        let request = call.trackerRequest.writing(WriteScope(["jobs", "machines"]))
        let answer = try await call.write(request) { draft throws(TrackerError) in
            try draft.nextJob(order)
        } answer: { committed in
            made.withLock { $0 = committed.value }
            switch committed.value {
            case .created(let key): return self.answer(key, .created, call, committed.snapshot)
            case .resumed(let key): return self.answer(key, .accepted, call, committed.snapshot)
            case .action(let key, _, _): return self.answer(key, .created, call, committed.snapshot)
            case .none: return .noContent
            }
        }
        guard case .action(let key, let plugin, let name) = made.withLock({ $0 }) else { return answer }
        return try await run(name, of: plugin, as: key, call)
    }

    private static func answer(
        _ key: ByteString, _ status: HTTPResponse.Status, _ call: RequestContext, _ view: Snapshot
    ) -> WriteAnswer {
        guard let type = view.catalog["jobs"], let job = view[ObjectID("jobs", key)] else { return .noContent }
        let etag = call.tracker.epochs.etag(of: job)
        guard let token = token(for: job, call, view) else {
            return WriteAnswer(type.served(job), status: status, etag: etag)
        }
        var shown = job.object
        shown["Token"] = .string(token)
        return WriteAnswer(JSONDocument(.object(shown)), status: status, etag: etag)
    }

    /// A token of the job's machine with the further rights that the job's task has; nil if it has none, or if the caller does
    /// not act for the machine.
    private static func token(for job: StoredObject, _ call: RequestContext, _ view: Snapshot) -> String? {
        guard let claims = job.object["ExtraClaims"]?.arrayValue, !claims.isEmpty, let grantor = call.principal,
            let machine = view.object("machines", job.document.member("Machine")?.string ?? ""),
            grantor.isSuperuser || grantor.machine?.hasSameUTF8(as: machine.key.string) ?? false
        else { return nil }
        let address = machine.document.member("Address")?.string.map(HexAddress.text) ?? ""
        guard
            var order = try? TokenRequest.machine(
                machine.key.string, address: address.isEmpty ? nil : address, grantor: grantor)
        else { return nil }
        order.claims += claims.compactMap { $0.objectValue.map(Claim.init) }
        return try? call.services.authenticator.issueToken(order, in: view)
    }

    // MARK: Actions in task lists

    /// Runs the action that a job is, and ends the job with what it came to.
    private static func run(
        _ name: String, of plugin: String?, as job: ByteString, _ call: RequestContext
    ) async throws -> Answer {
        let view = call.tracker.snapshot
        let machine = view[ObjectID("jobs", job)]?.document.member("Machine")?.string ?? ""
        let invocation = ActionInvocation(
            name: name, plugin: plugin, target: ObjectID("machines", ByteString(machine)), givenKey: machine,
            parameters: [:], principal: call.principal?.displayed ?? "")
        let (text, failed): (String, Bool)
        do throws(APIError) {
            let result = try await call.services.actions.run(invocation, in: view)
            (text, failed) = ("Results from plugin invoke:\n\(result.prettyText())\n\nEnd of results", false)
        } catch {
            let full = plugin.map { "\($0):\(name)" } ?? name
            (text, failed) = ("Action \(full) validation failed:\n\(error)", true)
        }
        let request = TrackerRequest(
            id: call.id.description, principal: call.principal?.displayed ?? "", reason: "action \(name)",
            scope: WriteScope(["jobs", "machines"]))
        let ended = try await call.tracker.commit(request) { draft throws(TrackerError) in
            try draft.endAction(job, failed: failed, text)
        }
        return failed ? .noContent : answer(job, .created, call, ended.snapshot).answer
    }

    // MARK: What is to be done

    private static func actions(_ call: RequestContext) async throws -> Answer {
        let job = try call.object("jobs")
        let uuid = job.document.member("Machine")?.string ?? ""
        let machine = try call.object("machines", at: uuid, in: call.snapshot)
        let (renderer, system) = (try call.renderer(for: machine), call.query["os"] ?? "")
        do throws(RenderError) {
            let actions = try await BlockingPool.shared.run { () throws(RenderError) in
                try renderer.actions(of: job, machine: machine, forSystem: system)
            }
            return .json(.array(actions.map { .object($0) }))
        } catch {
            throw APIError(400, APIError.type(of: call.method), of: "jobs", key: call["key"], error.description)
        }
    }

    // MARK: Ends

    private static func archive(_ call: RequestContext) async throws -> Answer {
        let key = call["key"]
        return try await call.write { draft throws(TrackerError) in
            try draft.update("jobs", at: key, as: .part(JSONPointer(tokens: ["Archived"]))) { $0["Archived"] = true }
        } answer: { committed in
            guard let type = call.tracker.catalog["jobs"] else { return .noContent }
            return WriteAnswer(type.served(committed.object("jobs")))
        }
    }

    private static let purgeInputs = RouteInputs(
        arguments: ["dryrun", "machine", "jobsToKeep", "failedJobsPurgedAfter", "completeJobsPurgedAfter", "token"],
        others: .refused)

    /// Forgets jobs as the arguments say, or where they say nothing, as the preferences do.
    private static func purge(_ call: RequestContext) async throws -> Answer {
        var purge = JobPurge(Preferences(call.snapshot))
        if let keep = call.query["jobsToKeep"] {
            guard let count = Int(keep), count >= 0 else {
                throw badArgument("jobsToKeep", keep, "a whole number", call)
            }
            purge.jobsToKeep = count
        }
        purge.failedAfter = try duration("failedJobsPurgedAfter", call) ?? purge.failedAfter
        purge.completeAfter = try duration("completeJobsPurgedAfter", call) ?? purge.completeAfter
        if let machine = call.query["machine"], !machine.isEmpty {
            purge.machines =
                machine == "missing"
                ? .missing : .one(try call.object("machines", at: machine, in: call.snapshot).key.string)
        }
        let (found, rights) = (
            purge.jobs(in: call.snapshot, at: call.tracker.environment.now()), call.readAuthorization()
        )
        let jobs = found.filter { rights.sees(ObjectID("jobs", $0), in: call.snapshot) }
        if try !call.isDryRun { try await purge.run(jobs, call.tracker, call.trackerRequest) }
        return .json(.array(jobs.map { .string($0.string) }))
    }

    private static func duration(_ name: String, _ call: RequestContext) throws -> Duration? {
        guard let text = call.query[name] else { return nil }
        guard let duration = Duration(musterText: text, defaultUnit: .seconds) else {
            throw badArgument(name, text, "a duration such as 30d", call)
        }
        return duration
    }

    private static func badArgument(_ name: String, _ value: String, _ wanted: String, _ call: RequestContext)
        -> APIError
    {
        call.badRequest(of: "jobs", "\(name) must be \(wanted), not `\(value)`")
    }
}
