import Access
import Basics
import JSON
import Templates
public import Tracker

/// What one render is about: a machine, or none for what unknown machines boot, in one state of the server; and what is
/// noticed on the way. Renders are made by one thread each.
final class RenderScene {
    let view: Snapshot
    let machine: StoredObject?
    let bootEnv: BootEnvironment?
    let stage: StoredObject?
    let task: StoredObject?
    let location: ServerLocation
    let services: RenderServices
    /// The hardware address that a path is made for.
    let hardwareAddress: String?
    /// The params that were read, in order, each once.
    private(set) var reads: [ParamRead] = []
    /// Whether a hardware address was asked for.
    var usedHardwareAddress = false
    /// Whether an address was asked for that the machine does not have.
    var missedAddress = false

    let opener: ParamDecryptor
    private let resolution: ParamResolution
    private var readNames: Set<Identifier> = []
    /// How many renders lie in each other, by `.ParamExpand` and its like.
    var depth = 0

    /// A scene.
    ///
    /// - Throws: if too many profiles give the machine its params, or it customizes its bootenv in a way that is none.
    init(
        _ subject: RenderSubject, in view: Snapshot, at location: ServerLocation, hardwareAddress: String? = nil,
        _ services: RenderServices
    ) throws(RenderError) {
        (self.view, self.location, self.services) = (view, location, services)
        (machine, task, self.hardwareAddress) = (subject.machine, subject.task, hardwareAddress)
        opener = ParamDecryptor(view)
        let reading: ParamResolution.Reading = { [opener] _, value, holder in opener(value, of: holder) }
        do throws(TrackerError) {
            resolution =
                if let machine = subject.machine {
                    try ParamResolution(
                        of: machine, "machines", in: view, under: view.runningWorkOrder(on: machine.key),
                        reading: reading)
                } else {
                    try ParamResolution(globalIn: view, reading: reading)
                }
        } catch { throw RenderError(error.messages.joined(separator: "; ")) }
        stage = subject.stage ?? subject.machine.flatMap { view.object("stages", $0.text("Stage")) }
        let found = subject.bootEnv ?? subject.machine.flatMap { view.object("bootenvs", $0.text("BootEnv")) }
        let overrides = found == nil ? nil : resolution.value(of: BootEnvironment.overridesParam)
        bootEnv = found.map { found in
            let object = services.cache.object(found, ObjectID("bootenvs", found.key))
            return BootEnvironment(object, customizedBy: overrides)
        }
    }

    /// The value of a param; nil if nobody gives it one.
    func value(of name: String) -> JSONValue? {
        let contribution = resolution.contributions(to: name).first
        let value = contribution?.value ?? resolution.valueOrDefault(of: name)
        note(name, contribution.map { .object($0.source) } ?? (value == nil ? .nowhere : .schema))
        return value
    }

    /// All values of a param as one; nil if nobody gives it any.
    func composed(_ name: String) -> JSONValue? {
        let sources = resolution.contributions(to: name)
        let value = resolution.composed(name)
        note(name, sources.first.map { .object($0.source) } ?? (value == nil ? .nowhere : .schema))
        return value
    }

    private func note(_ name: String, _ source: ParamRead.Source) {
        if readNames.insert(Identifier(name)).inserted { reads.append(ParamRead(name: name, source: source)) }
    }

    /// Dot.
    var data: TemplateValue { .object(RenderData(scene: self)) }

    /// The shared templates, which all others may call.
    var shared: TemplateSet {
        TemplateSet(fallback: { [view, services] name in
            view.object("templates", name).flatMap {
                try? services.cache.template($0.text("Contents"), named: name)
            }
        })
    }
}

/// A param that a render read, and where its value stood.
public struct ParamRead: Sendable {
    /// Where a value stands.
    public enum Source: Sendable {
        /// In the params of an object.
        case object(ObjectID)
        /// In the schema of the param, as its default.
        case schema
        /// Nowhere: nobody gives the param a value.
        case nowhere
    }

    /// The param's name.
    public let name: String
    /// Where its value stood.
    public let source: Source
}

/// What a render is about.
public struct RenderSubject: Sendable {
    /// The machine; nil for those that the server does not know.
    public var machine: StoredObject?
    /// The bootenv; nil for the machine's own.
    public var bootEnv: StoredObject?
    /// The stage; nil for the machine's own.
    public var stage: StoredObject?
    /// The task; nil if it is about none.
    public var task: StoredObject?

    /// A subject.
    public init(
        machine: StoredObject?, bootEnv: StoredObject? = nil, stage: StoredObject? = nil, task: StoredObject? = nil
    ) {
        (self.machine, self.bootEnv, self.stage, self.task) = (machine, bootEnv, stage, task)
    }
}
