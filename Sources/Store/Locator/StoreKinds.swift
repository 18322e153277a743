import Basics

/// The kinds of store that a program has, found by the schemes of their locators.
public struct StoreKinds: Sendable {
    private let kinds: [Identifier: StoreKind]

    /// The kinds; of two with one scheme the later counts.
    public init(_ kinds: [StoreKind]) {
        self.kinds = Dictionary(kinds.map { (Identifier($0.scheme), $0) }) { $1 }
    }

    /// The kinds of this module that can do without knowing what they keep.
    public static let local = StoreKinds([.lmdb, .memory])

    /// The kinds of this module.
    ///
    /// - Parameter layout: what people may see as files, and how.
    public static func local(showing layout: any FileLayout) -> StoreKinds {
        StoreKinds([.lmdb, .memory, .directory(layout), .file(layout)])
    }

    /// How the locators of the kinds look, in the order of their schemes.
    public var forms: [String] { kinds.sorted { $0.key < $1.key }.map(\.value.form) }

    /// The kind that a locator asks for.
    ///
    /// - Throws: `badLocator` if the program has none of that scheme, with the words of C §14.5.
    func kind(of locator: StoreLocator) throws(StoreError) -> StoreKind {
        guard let kind = kinds[Identifier(locator.scheme)] else {
            throw StoreError(.badLocator, "Unknown schema type: \(locator.scheme)")
        }
        return kind
    }
}

extension StoreLocator {
    /// Opens the store, creating it if it does not exist.
    ///
    /// - Parameters:
    ///   - baseDirectory: What a relative path is relative to.
    ///   - kinds: The kinds of store that the program has.
    ///   - progress: told how far taking over a store of an older format is.
    /// - Throws: `badLocator` for a kind of store or options that the program does not know, `locked` if it is open already, and
    ///   whatever else keeps it from being opened.
    public func open(
        relativeTo baseDirectory: String, of kinds: StoreKinds = .local, progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) -> any KeyValueStore {
        try kinds.kind(of: self).open(self, baseDirectory, progress)
    }
}
