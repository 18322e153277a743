public import Basics
import Content
import Glibc
import JSON
import Logging
import Provisioning
public import Tracker

/// Brings plug-in providers in and takes them out (C §18), one at a time: the program, what it says of itself, and the files and
/// the content that come with it.
public actor ProviderInstaller {
    private let environment: PluginEnvironment
    private let folders: ProviderFolders
    /// Rings when a provider has come or gone.
    private let changes: AsyncSignal
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ environment: PluginEnvironment, ringing changes: AsyncSignal) {
        (self.environment, self.changes) = (environment, changes)
        folders = ProviderFolders(environment.settings)
    }

    /// The folder in which programs wait that are uploaded.
    public nonisolated var stagingFolder: String { folders.staging }

    /// The program of a provider; nil if it is not there. It blocks.
    public nonisolated func program(of provider: String) -> StoredFile? { StoredFile(folders.program(provider)) }

    /// Makes a program that waits in the staging folder a provider's program, with all that it brings.
    ///
    /// - Parameters:
    ///   - staged: the program's name in the staging folder, which is nobody else's.
    ///   - request: on whose behalf.
    /// - Throws: with 403 if the provider is not allowed here; with 422 what is wrong with the program, what it says of itself,
    ///   the types that it declares, its files or its content. Then all is as before.
    public func install(
        _ provider: String, staged: String, for request: TrackerRequest
    ) async throws(PluginError) {
        let place = folders.staged(staged)
        do throws(PluginError) {
            try await inTurn { () async throws(PluginError) in try await self.installNow(provider, place, request) }
        } catch {
            await BlockingPool.shared.run { place.discard() }
            throw error
        }
        changes.ring()
    }

    /// Takes a provider out: its program, files, and content. Its plug-ins stay, and do not run.
    ///
    /// - Returns: the provider's object.
    /// - Throws: what the tracker refuses it with.
    public func remove(_ provider: String, for request: TrackerRequest) async throws(TrackerError) -> StoredObject {
        let folders = folders
        return try await inTurn { () async throws(TrackerError) in
            let removed = try await self.environment.tracker.commit(request) { draft throws(TrackerError) in
                if draft.view.stack[provider]?.kind == .plugin { try draft.removePack(provider) }
                return try draft.remove("plugin_providers", at: provider)
            }.value
            await BlockingPool.shared.run { folders.removeAll(of: provider) }
            return removed
        }
    }

    /// Installs the programs that somebody has put into the folder of programs by hand.
    func adoptFound() async {
        let (folders, logger) = (folders, environment.logger)
        let known = environment.tracker.snapshot
        let names = await BlockingPool.shared.run { folders.programs }
        for name in names where known.object("plugin_providers", name) == nil {
            guard environment.settings.allowance.allows(name) else {
                logger.warning("a plug-in provider is not let in", metadata: ["provider": "\(name)"])
                continue
            }
            do throws(PluginError) {
                guard await BlockingPool.shared.run({ folders.stageInstalled(name) }) else { continue }
                let request = TrackerRequest.system("a plug-in provider in the folder of programs")
                try await install(name, staged: name, for: request)
            } catch {
                logger.error(
                    "a plug-in provider cannot be used",
                    metadata: ["provider": "\(name)", "cause": "\(error.messages)"])
            }
        }
    }

    /// Runs `body` when nobody else does.
    private func inTurn<Value: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer {
            isBusy = false
            let next = waiting
            waiting = []
            for waiter in next { waiter.resume() }
        }
        return try await body()
    }
}

extension ProviderInstaller {
    private func installNow(
        _ provider: String, _ place: StagedProvider, _ request: TrackerRequest
    ) async throws(PluginError) {
        let settings = environment.settings
        guard settings.allowance.allows(provider) else {
            throw PluginError(
                403, "POST", model: "plugin_providers", key: provider, [settings.allowance.refusal(of: provider)])
        }
        let definition: ProviderDefinition
        do throws(ProgramError) {
            definition = try await BlockingPool.shared.run { () throws(ProgramError) in
                try place.define(as: provider, settings.limits)
            }
        } catch {
            throw PluginError(
                422, "POST", model: "plugin_providers", key: provider, ["\(provider) is no plug-in provider: \(error)"])
        }
        do throws(PluginError) {
            try await environment.declareTypes(declared(with: definition))
            try await put(definition, place, request)
        } catch {
            try? await environment.declareTypes(declared())
            throw error
        }
        environment.logger.notice("a plug-in provider is installed", metadata: ["provider": "\(provider)"])
    }

    /// The types that all providers declare.
    ///
    /// - Parameter new: the one that comes, in the place of one of its name.
    private func declared(with new: ProviderDefinition? = nil) -> [RawTypeDeclaration] {
        var definitions = new.map { [$0] } ?? []
        environment.tracker.snapshot["plugin_providers"]?.forEachObject { stored in
            let known = ProviderDefinition(stored.object)
            if new.map({ !$0.name.hasSameUTF8(as: known.name) }) ?? true { definitions.append(known) }
            return true
        }
        return definitions.flatMap(\.rawTypes)
    }

    /// Puts program, object, content and the plug-in that starts by itself in their places, or nothing.
    private func put(
        _ definition: ProviderDefinition, _ place: StagedProvider, _ request: TrackerRequest
    ) async throws(PluginError) {
        let (tracker, folders, name) = (environment.tracker, folders, definition.name)
        do throws(TrackerError) {
            let layer = try ProviderContent(definition).layer(environment.packs(), over: tracker.snapshot.stack)
            let body: @Sendable (inout Draft) throws(TrackerError) -> Void = { draft throws(TrackerError) in
                try definition.put(in: &draft, layer)
            }
            // What refuses it does so before the program of the one before is gone.
            _ = try tracker.dryRun(request, body)
            let problem = await BlockingPool.shared.run { folders.take(place, as: name) }
            if let problem { throw TrackerError(.unavailable, "plugin_providers", key: name, problem) }
            _ = try await tracker.commit(request, body)
        } catch {
            let code = error.code == .unavailable ? 503 : error.code == .denied ? 403 : 422
            throw PluginError(code, "POST", model: "plugin_providers", key: name, error.messages)
        }
    }
}
