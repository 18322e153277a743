/// What a request declares of its writes before it makes them: the tracker locks accordingly.
///
/// A declaration is a promise that lets others pass, never a danger: who turns out to touch more than was declared is
/// drafted again with everything locked.
public struct WriteScope: Sendable, Hashable {
    /// The types whose objects are changed, without those that follow from references; `contents` for content packs. Nil if
    /// that is not known.
    public var types: Set<TypeName>?
    /// Whether drafting takes so long that it must not be done on the tracker itself.
    public var isLarge: Bool

    /// How many changes make a write large.
    public static let largeCount = 100
    /// How many bytes do, of what a client sends and of the object that it changes: to decode, check and encode them takes
    /// milliseconds.
    public static let largeBytes = 256 << 10

    /// Anything may be changed.
    public static let unknown = WriteScope(nil)

    /// A declaration.
    ///
    /// - Parameters:
    ///   - types: the types whose objects are changed; nil if that is not known.
    ///   - count: how many changes there are, about.
    public init(_ types: Set<TypeName>?, count: Int = 1) {
        self.types = types
        isLarge = count > Self.largeCount
    }

    /// The same declaration of a write that handles so many bytes.
    public func handling(bytes: Int) -> WriteScope {
        var scope = self
        scope.isLarge = isLarge || bytes > Self.largeBytes
        return scope
    }
}

extension Catalog {
    /// What must be locked for a write of `scope`: what it changes and all that refers to it, for writing; what the rules and
    /// effects of all these look at, for reading.
    func locks(for scope: WriteScope) -> LockSet {
        guard var writes = scope.types else { return .everything }
        var waiting = Array(writes)
        while let typeName = waiting.popLast() {
            guard let position = position(typeName) else { continue }
            for referrer in referrers[position] {
                let next = types[referrer.position].typeName
                if writes.insert(next).inserted { waiting.append(next) }
            }
        }
        let reads = writes.compactMap { self[$0] }.flatMap { type in
            type.references.map(\.target) + type.rules.looksAt + type.effects.flatMap(\.looksAt)
        }
        let set = LockSet(reads: Set(reads), writes: writes, named: scope.types)
        return set.taken(scope.isLarge ? .optimistic : .brief)
    }
}
