import Access
import Basics
import Content
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Provisioning
import Tracker

/// Content packs (C §14.2).
enum ContentsHandlers {
    static var routes: [Route] {
        let one = "/contents/{key}"
        return [
            Route(.get, "/contents", .list(scope: "contents"), list),
            Route(.post, "/contents", .claim(scope: "contents", action: "create"), body: .json, create),
            Route(
                .get, one, .claim(scope: "contents", action: "get"), inputs: RouteInputs(arguments: RouteInputs.past),
                get),
            Route(.put, one, .claim(scope: "contents", action: "update"), body: .json, replace),
            Route(.delete, one, .claim(scope: "contents", action: "delete"), remove),
        ]
    }

    private static func list(_ call: RequestContext) -> Answer {
        let packs = call.readAuthorization()["contents"]
        let isVisible = call.packFilter
        let layers = call.mayList ? call.snapshot.stack.layers : []
        let summaries = layers.filter { packs.covers($0.name) }.map {
            call.services.packs.summary(of: $0, in: call.snapshot, isVisible: isVisible)
        }
        return .list(summaries, isHead: call.isHead)
    }

    private static func get(_ call: RequestContext) throws -> Answer {
        let layer = try layer(call["key"], in: call.snapshot.stack)
        let opener = ParamDecryptor(call.snapshot)
        var meter = WorkMeter(decodeBudget)
        let content = try call.services.packs.content(of: layer, in: call.snapshot, isVisible: call.packFilter) {
            (params, holder) throws(TrackerError) in
            guard call.mayDecode(holder) else { return params }
            try meter.spend(params.values.count(where: SecureData.isSealed), on: "contents", key: layer.name)
            return opener(params, of: holder)
        }
        return .json(content)
    }

    /// How many sealed values one content pack may have opened: more than a list, since a pack is read as a whole.
    private static let decodeBudget = WorkBudget(
        100_000, "sealed values to open", remedy: "read the lists of its types page by page")

    private static func create(_ call: RequestContext) async throws -> Answer {
        let layer = try call.services.packs.layer(from: call.json, over: call.snapshot.stack)
        let replacesWritable = call.query.isSet("replaceWritable")
        return try await call.writeOrTry(request(call, layer, nil)) { draft throws(TrackerError) in
            guard draft.view.stack[layer.name] == nil else {
                throw TrackerError(.readOnly, "contents", key: layer.name, "Content \(layer.name) already exists")
            }
            return try draft.push(layer, replacingWritable: replacesWritable, isUpload: true)
        } answer: {
            summary(of: $0, call, status: .created)
        }
    }

    private static func replace(_ call: RequestContext) async throws -> Answer {
        let name = call["key"]
        let replacesWritable = call.query.isSet("replaceWritable")
        try checkUploaded(name, in: call.snapshot.stack)
        let layer = try call.services.packs.layer(from: call.json, over: call.snapshot.stack)
        guard layer.name.hasSameUTF8(as: name) else {
            throw TrackerError(
                .keyChanged, "contents", key: name, "contents: Key change from \(name) to \(layer.name) not allowed")
        }
        return try await call.writeOrTry(request(call, layer, call.snapshot.stack[name])) {
            draft throws(TrackerError) in
            try checkUploaded(name, in: draft.view.stack)
            return try draft.push(layer, replacingWritable: replacesWritable, isUpload: true)
        } answer: {
            summary(of: $0, call)
        }
    }

    private static func remove(_ call: RequestContext) async throws -> Answer {
        let name = call["key"]
        return try await call.writeOrTry(request(call, nil, call.snapshot.stack[name])) { draft throws(TrackerError) in
            try checkUploaded(name, in: draft.view.stack)
            return try draft.removePack(name)
        } answer: {
            tell($0.value, call)
            return .noContent
        }
    }

    /// Logs what is wrong with others since a pack has gone; the answer has no room for it, and lists of packs show it.
    private static func tell(_ removal: PackResult, _ call: RequestContext) {
        guard let first = removal.warnings.first else { return }
        call.logger.warning(
            "removing a content pack leaves names that lead nowhere",
            metadata: [
                "pack": "\(removal.layer.name)", "problems": "\(removal.warnings.count)", "first": "\(first.text)",
            ])
    }

    /// The request to put `new` on the stack and take `old` off, with what that writes.
    private static func request(_ call: RequestContext, _ new: Layer?, _ old: Layer?) -> TrackerRequest {
        let sections = [new, old].compactMap { $0?.objects }
        let types = Set(sections.flatMap(\.keys)).union(["contents"])
        return call.trackerRequest.writing(
            WriteScope(types, count: sections.flatMap(\.values).reduce(0) { $0 + $1.count }))
    }

    private static func layer(_ name: String, in stack: LayerStack) throws(TrackerError) -> Layer {
        guard let layer = stack[name] else { throw notFound(name) }
        return layer
    }

    /// The refusal of a pack that is not there.
    static func notFound(_ name: String) -> TrackerError {
        TrackerError(.notFound, "contents", key: name, "No such content store")
    }

    /// Packs that did not come through this API are not for it to change.
    private static func checkUploaded(_ name: String, in stack: LayerStack) throws(TrackerError) {
        let layer = try layer(name, in: stack)
        guard layer.kind == .dynamic else {
            let message = "Content \(name) is the server's own: only uploaded content can be replaced or removed"
            throw TrackerError(.readOnly, "contents", key: name, message)
        }
    }

    private static func summary(
        of commit: DataTracker.Committed<PackResult>, _ call: RequestContext, status: HTTPResponse.Status = .ok
    ) -> WriteAnswer {
        let (pack, warnings) = (commit.value.layer, commit.value.warnings)
        return WriteAnswer(
            call.services.packs.summary(
                of: pack, in: commit.snapshot, warnings: warnings, isVisible: call.packFilter), status: status)
    }
}

extension RequestContext {
    /// Which of the objects in packs the caller may know of; nil if of all. Secret preferences are for those who may do
    /// everything, who need them for backups.
    fileprivate var packFilter: ((ObjectID) -> Bool)? {
        let (readAuthorization, snapshot) = (readAuthorization(), snapshot)
        if readAuthorization.isUnrestricted { return nil }
        return { id in
            let isSecret = id.typeName == "preferences" && PreferenceName(named: id.key.string)?.isSecret ?? true
            return !isSecret && readAuthorization.sees(id, in: snapshot)
        }
    }
}
