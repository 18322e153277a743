import Basics
import JSON

/// The layers that a tracker's stack is made of: one declaration for all domains, since there is one stack.
public struct LayerConventions: Sendable {
    /// The name of the writable layer.
    public let writableName: String
    /// The kinds of layers below the writable one, top of the stack first.
    public let kinds: [LayerKind]
    /// The kind of the packs that clients bring: the one of `kinds` that the store keeps.
    public let storedKind: LayerKind
    /// Puts refusals of packs into words.
    public let wording: Conventions.Wording

    /// A declaration; without arguments one of a single kind, for packs that clients bring. Kinds in another order than that of
    /// the stack, and none or several that the store keeps, are programmer errors.
    public init(
        writableName: String = "writable", kinds: [LayerKind] = [LayerKind("pack", height: 1, isStored: true)],
        wording: @escaping Conventions.Wording = { $0.plainText }
    ) {
        precondition(kinds == kinds.sorted(), "kinds of layers are declared top of the stack first")
        let stored = kinds.filter(\.isStored)
        precondition(stored.count == 1, "\(stored.count) kinds of layers are for the packs that clients bring")
        storedKind = stored[0]
        self.writableName = writableName
        self.kinds = kinds
        self.wording = wording
    }

    /// The kind called `name`, or nil.
    func kind(named name: String) -> LayerKind? {
        ([.writable] + kinds).first { $0.name.hasSameUTF8(as: name) }
    }
}

/// A kind of layers: where in the stack they stand, and what may lie over them.
public struct LayerKind: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name, as packs and messages have it.
    public let name: String
    /// The place in the stack: zero is the writable layer at the top.
    let height: Int
    /// Whether objects of such a layer may be overridden from above.
    public let isOverwritable: Bool
    /// Whether clients bring such packs, so that the store keeps them; others are there again at each start.
    public let isStored: Bool

    /// A kind of layers below the writable one.
    ///
    /// - Parameter height: the place in the stack, from one downwards.
    public init(_ name: String, height: Int, isOverwritable: Bool = false, isStored: Bool = false) {
        self.name = name
        self.height = height
        self.isOverwritable = isOverwritable
        self.isStored = isStored
    }

    /// What clients write object by object.
    public static let writable = LayerKind("writable", height: 0)

    /// The name.
    public var description: String { name }

    /// Top of the stack first.
    public static func < (left: LayerKind, right: LayerKind) -> Bool { left.height < right.height }

    /// Whether both have the same place.
    public static func == (left: LayerKind, right: LayerKind) -> Bool { left.height == right.height }

    /// Feeds the place.
    public func hash(into hasher: inout Hasher) { hasher.combine(height) }
}
