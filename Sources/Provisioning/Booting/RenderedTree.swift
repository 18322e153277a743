import Basics
import JSON
public import Tracker

/// The files that are rendered when somebody asks for them: those of the bootenvs and stages that machines have, and those of the
/// bootenv that unknown machines boot (C §16). They are in no folder.
///
/// A path is looked up backwards: what it has in it of names and addresses leads to the machines that it may be of, and those are
/// asked for their paths. So there is nothing to keep up to date, and a change shows at the next request.
public struct RenderedTree: Sendable {
    /// What is at a path.
    public struct Entry: Sendable {
        let source: TemplateSource
        let subject: RenderSubject
        let hardwareAddress: String?
    }

    private let view: Snapshot
    private let renderer: Renderer

    /// How many machines are asked for paths that have nothing of the machine in them.
    private static let mostAsked = 10_000

    /// The tree in the state `view`, for a client that reaches the server at `location`.
    public init(_ view: Snapshot, at location: ServerLocation, _ services: RenderServices) {
        self.view = view
        renderer = Renderer(view, at: location, services)
    }

    /// What is at a path; nil if nothing is.
    ///
    /// - Parameter path: below the file root, without a slash at the start.
    /// - Throws: if a machine whose file it may be has templates that cannot be rendered, and no other has the file.
    public func entry(at path: String) throws(RenderError) -> Entry? {
        var failure: RenderError?
        for machine in machines(mentionedIn: path) {
            do throws(RenderError) {
                if let entry = try entry(at: path, of: machine) { return entry }
            } catch { failure = failure ?? error }
        }
        if let entry = try unknownEntry(at: path) { return entry }
        if let entry = unmentioned(path) { return entry }
        if let failure { throw failure }
        return nil
    }

    /// What is in an entry.
    ///
    /// - Throws: why it cannot be rendered.
    public func contents(of entry: Entry) throws(RenderError) -> Renderer.Contents {
        try renderer.contents(of: entry.source, for: entry.subject, hardwareAddress: entry.hardwareAddress)
    }

    private func entry(at path: String, of machine: StoredObject) throws(RenderError) -> Entry? {
        let subject = RenderSubject(machine: machine)
        for source in renderer.sources(of: subject) {
            if let entry = try self.entry(at: path, source, subject) { return entry }
        }
        return nil
    }

    private func entry(
        at path: String, _ source: TemplateSource, _ subject: RenderSubject
    ) throws(RenderError) -> Entry? {
        let file = try renderer.files(of: source, for: subject).first { $0.path.hasSameUTF8(as: path) }
        return file.map { Entry(source: source, subject: subject, hardwareAddress: $0.hardwareAddress) }
    }

    /// The entry of what unknown machines boot.
    private func unknownEntry(at path: String) throws(RenderError) -> Entry? {
        guard let bootEnv = view.object("bootenvs", Preferences(view)[.unknownBootEnv]) else { return nil }
        let subject = RenderSubject(machine: nil, bootEnv: bootEnv)
        for info in bootEnv.object.objects("Templates") {
            if let entry = try entry(at: path, TemplateSource(info), subject) { return entry }
        }
        return nil
    }

    /// The machines that something in the path may stand for, each once.
    private func machines(mentionedIn path: String) -> [StoredObject] {
        var seen: Set<ByteString> = []
        var machines: [StoredObject] = []
        for mention in PathMentions(path).all {
            let keys: [ByteString] =
                switch mention {
                case .uuid(let text): [ByteString(text)]
                case .name(let text): view.keys("machines", where: .field("Name"), is: text)
                case .address(let text): view.keys("machines", where: .field("Address"), spelled: text)
                case .hardwareAddress(let text): view.keys("machines", where: .field("HardwareAddrs"), spelled: text)
                }
            for key in keys where seen.insert(key).inserted {
                if let machine = view[ObjectID("machines", key)] { machines.append(machine) }
            }
        }
        return machines
    }

    /// An entry whose path says nothing of its machine: the same for all that have the bootenv or stage, or made from params.
    private func unmentioned(_ path: String) -> Entry? {
        for (typeName, field) in [("bootenvs", "BootEnv"), ("stages", "Stage")] as [(TypeName, String)] {
            guard let table = view[typeName] else { continue }
            for (key, object) in table.objects {
                let infos = object.object.objects("Templates")
                let sources = infos.map { TemplateSource($0) }.filter { $0.mayLackMention }
                if sources.isEmpty { continue }
                let owners = view.keys("machines", where: .field(field), is: key.string)
                if let entry = entry(at: path, sources, of: owners) { return entry }
            }
        }
        return nil
    }

    private func entry(at path: String, _ sources: [TemplateSource], of owners: [ByteString]) -> Entry? {
        for owner in owners.prefix(sources.contains { $0.readsParams } ? Self.mostAsked : 1) {
            guard let machine = view[ObjectID("machines", owner)] else { continue }
            for source in sources {
                if let entry = try? entry(at: path, source, RenderSubject(machine: machine)) { return entry }
            }
        }
        return nil
    }
}

extension Renderer {
    /// The files and scripts of what a machine has: of its bootenv, as it customizes that, and of its stage.
    func sources(of subject: RenderSubject) -> [TemplateSource] {
        let scene = try? scene(subject)
        let ofStage = scene?.stage?.object.objects("Templates") ?? []
        return ((scene?.bootEnv?.templates ?? []) + ofStage).map { TemplateSource($0) }
    }
}
