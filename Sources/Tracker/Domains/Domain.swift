import Basics
import JSON
public import Logging

/// A domain as a value: object types that belong together, what is theirs on the stack of layers, and what runs for them.
///
/// A server is put together from domains. None knows another one's types but through the tracker, and the kernel knows none of
/// them. What a domain's objects look like in common is up to the ``Conventions`` that its types are declared with.
public struct Domain: Sendable {
    /// The domain's name, for logs.
    public let name: String
    /// What the names of its types begin with, as `fleet_` of `fleet_hosts`: without points, since those part the names in
    /// events. Nil for a domain whose types are called as clients of another server know them.
    public let typePrefix: String?
    /// Whether the names of its types are in the tables of types that clients read, as those of another server's are.
    public let isPublished: Bool
    /// The object types.
    public let types: [ObjectType]
    /// What objects have beside them that does not live in memory.
    public let sideKeyspaces: [SideKeyspace]
    /// What the stack of layers is made of; of the domains of a server one says it at the most.
    public let layers: LayerConventions?
    /// Puts what must be there into a tracker at each start, before the first request.
    public let prepare: Preparation?
    /// What gives objects of other domains values, where that is asked for.
    public let valueProviders: [ValueProvider]
    /// What is done at certain times, and the schedules for it that are there from the start.
    public let works: [ScheduledWork]
    /// What runs beside the server for as long as it does.
    public let services: [DomainService]

    /// Writes what is missing; does nothing where all is there.
    public typealias Preparation = @Sendable (inout Draft) throws(TrackerError) -> Void

    /// A domain.
    ///
    /// - Parameters:
    ///   - typePrefix: what the names of its types begin with, `_` at the end; nil if they have names of their own.
    ///   - isPublished: whether the names of its types are in the tables of types that clients read; by default if they have no
    ///     prefix.
    ///   - layers: what the stack of layers is made of, if this domain says it.
    public init(
        _ name: String, typePrefix: String?, types: [ObjectType], isPublished: Bool? = nil,
        sideKeyspaces: [SideKeyspace] = [], layers: LayerConventions? = nil, prepare: Preparation? = nil,
        valueProviders: [ValueProvider] = [], works: [ScheduledWork] = [], services: [DomainService] = []
    ) {
        self.name = name
        self.typePrefix = typePrefix
        self.isPublished = isPublished ?? (typePrefix == nil)
        self.types = types
        self.sideKeyspaces = sideKeyspaces
        self.layers = layers
        self.prepare = prepare
        self.valueProviders = valueProviders
        self.works = works
        self.services = services
    }

    /// The same domain with each of its types made another: with rules around its own, say.
    public func mapTypes(_ transform: (ObjectType) -> ObjectType) -> Domain {
        Domain(
            name, typePrefix: typePrefix, types: types.map(transform), isPublished: isPublished,
            sideKeyspaces: sideKeyspaces, layers: layers, prepare: prepare, valueProviders: valueProviders,
            works: works, services: services)
    }

    /// Refuses what no catalog can be made of: a defect of the domain's.
    func checkNames() {
        guard let typePrefix else { return }
        precondition(
            typePrefix.hasByteSuffix("_") && !typePrefix.utf8.contains(UInt8(ascii: ".")),
            "the prefix \(typePrefix) of the domain \(name) must end in _ and have no point")
        for type in types {
            precondition(
                type.typeName.rawValue.hasBytePrefix(typePrefix),
                "the type \(type.typeName) of the domain \(name) must be called \(typePrefix)…")
        }
    }
}

/// Something that runs beside the server for a domain.
public struct DomainService: Sendable {
    /// What it is called in logs.
    public let name: String
    /// Runs until its task is cancelled; what it throws stops the server.
    public let run: @Sendable (DataTracker, Logger) async throws -> Void

    /// A service.
    public init(_ name: String, run: @escaping @Sendable (DataTracker, Logger) async throws -> Void) {
        self.name = name
        self.run = run
    }
}
