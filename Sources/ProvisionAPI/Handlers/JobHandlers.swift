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
            Route(.get, "/jobs/{key}/actions", .claim(scope: "jobs", action: "actions"), immediate: actions),
            PurgeHandler.jobs.route,
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
        return try next(order, call)
    }

    private static func text(_ name: String, of body: JSONObject) -> String {
        body.first { $0.key.asciiLowercased.hasSameUTF8(as: name.asciiLowercased) }?.value.stringValue ?? ""
    }

    private static func next(_ order: JobOrder, _ call: RequestContext) throws -> Reply {
        let request = call.trackerRequest.writing(WriteScope(["jobs", "machines"]))
        let body: @Sendable (inout Draft) throws(TrackerError) -> NextJob = { draft throws(TrackerError) in
            try draft.nextJob(order)
        }
        guard call.session.answerKey == nil else {
            return .task {
                let made = Mutex(NextJob.none)
                let answer = try await call.write(request, body) { committed in
                    made.withLock { $0 = committed.value }
                    return self.answer(committed, call)
                }
                return try await conclude(made.withLock { $0 }, answer, call)
            }
        }
        try call.refuseDryRun()
        return .pending { done in
            call.tracker.commit(request, body, keeping: { ($0.value, answer($0, call)) }) { outcome in
                switch outcome {
                case .success((.action(let key, let plugin, let name), let answer)):
                    // It takes as long as the plug-in does.
                    Task {
                        let made = NextJob.action(key, plugin: plugin, name: name)
                        do { done(.success(try await conclude(made, answer.answer, call))) } catch {
                            done(.failure(error))
                        }
                    }
                case .success((_, let answer)): done(.success(answer.answer))
                case .failure(let error): done(.failure(error))
                }
            }
        }
    }

    /// What the runner is told once what was made of its order is durable: if that is an action, after it was run.
    private static func conclude(_ made: NextJob, _ answer: Answer, _ call: RequestContext) async throws -> Answer {
        guard case .action(let key, let plugin, let name) = made else { return answer }
        return try await run(name, of: plugin, as: key, call)
    }

    private static func answer(
        _ committed: DataTracker.Committed<NextJob>, _ call: RequestContext
    ) -> WriteAnswer {
        switch committed.value {
        case .created(let key), .action(let key, _, _): answer(key, .created, call, committed.snapshot)
        case .resumed(let key): answer(key, .accepted, call, committed.snapshot)
        case .none: .noContent
        }
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

    private static func actions(_ call: RequestContext) throws -> Reply {
        let job = try call.object("jobs")
        let uuid = job.document.member("Machine")?.string ?? ""
        let machine = try call.object("machines", at: uuid, in: call.snapshot)
        let (renderer, system) = (try call.renderer(for: machine), call.query["os"] ?? "")
        return .blocking {
            do throws(RenderError) {
                let actions = try renderer.actions(of: job, machine: machine, forSystem: system)
                return .json(.array(actions.map { .object($0) }))
            } catch {
                throw APIError(400, APIError.type(of: call.method), of: "jobs", key: call["key"], error.description)
            }
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
}
