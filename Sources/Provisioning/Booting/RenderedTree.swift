import Basics
import JSON
public import Tracker

/// The files that are rendered when somebody asks for them: those of the bootenvs and stages that machines have, and those of the
/// bootenv that unknown machines boot (C §16). They are in no folder.
///
/// A path is looked up backwards: what it has in it of names and addresses leads to the machines that it may be of, and those are
/// asked for their paths. So there is nothing to keep up to date, and a change shows at the next request.
public struct RenderedTree: Sendable {
    /// What is at a path, to be rendered by the thread that has found it.
    public struct Entry {
        let source: TemplateSource
        let scene: RenderScene
    }

    private let view: Snapshot
    private let renderer: Renderer
    private let cache: TemplateCache

    /// How many machines are asked for paths that have nothing of the machine in them.
    private static let mostAsked = 10_000

    /// The tree in the state `view`, for a client that reaches the server at `location`.
    public init(_ view: Snapshot, at location: ServerLocation, _ services: RenderServices) {
        self.view = view
        cache = services.cache
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
        try renderer.contents(of: entry.source, in: entry.scene)
    }

    private func entry(at path: String, of machine: StoredObject) throws(RenderError) -> Entry? {
        let subject = RenderSubject(machine: machine)
        let scene = try renderer.scene(subject)
        let ofBootEnv =
            if let bootEnv = scene.bootEnv, bootEnv.isCustomized {
                bootEnv.templates.map { TemplateSource($0) }
            } else {
                sources(of: "bootenvs", machine.text("BootEnv"))
            }
        return try entry(at: path, ofBootEnv + sources(of: "stages", machine.text("Stage")), subject, scene)
    }

    /// The files of an object, decoded once for as long as it is the same.
    private func sources(of typeName: TypeName, _ key: String) -> [TemplateSource] {
        view.object(typeName, key).map { cache.sources(of: $0, ObjectID(typeName, $0.key)) } ?? []
    }

    private func entry(
        at path: String, _ sources: [TemplateSource], _ subject: RenderSubject, _ scene: RenderScene
    ) throws(RenderError) -> Entry? {
        for source in sources where source.mayBe(at: path) {
            let files = try renderer.files(of: source, for: subject, in: scene)
            guard let place = files.firstIndex(where: { $0.path.hasSameUTF8(as: path) }) else { continue }
            // The file of another of the machine's cards is another scene.
            let own = files[place].hardwareAddress
            return Entry(source: source, scene: place == 0 ? scene : try renderer.scene(subject, hardwareAddress: own))
        }
        return nil
    }

    /// The entry of what unknown machines boot.
    private func unknownEntry(at path: String) throws(RenderError) -> Entry? {
        guard let bootEnv = view.object("bootenvs", Preferences(view)[.unknownBootEnv]) else { return nil }
        let all = cache.sources(of: bootEnv, ObjectID("bootenvs", bootEnv.key)).filter { $0.mayBe(at: path) }
        if all.isEmpty { return nil }
        let subject = RenderSubject(machine: nil, bootEnv: bootEnv)
        return try entry(at: path, all, subject, renderer.scene(subject))
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
                let all = cache.sources(of: object, ObjectID(typeName, key))
                let sources = all.filter { $0.mayLackMention && $0.mayBe(at: path) }
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
            let subject = RenderSubject(machine: machine)
            guard let scene = try? renderer.scene(subject) else { continue }
            for source in sources {
                if let entry = try? entry(at: path, [source], subject, scene) { return entry }
            }
        }
        return nil
    }
}
