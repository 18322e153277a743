import Basics
import Content
import Plugins
import ProvisionAPI
import Provisioning
import Store
import Tracker

/// The plug-in providers that a store holds, as far as the server must know them before it loads the store: the types of objects
/// that they declare, and their content.
struct InstalledProviders {
    private let definitions: [ProviderDefinition]
    /// The types that can be served.
    let rawTypes: [RawTypeDeclaration]
    /// What is wrong with the others.
    let problems: [String]

    /// The providers of a store.
    ///
    /// - Parameter catalog: the server's own types.
    /// - Throws: why the store cannot be read.
    init(in store: any KeyValueStore, besides catalog: Catalog) throws(StoreError) {
        definitions = try ProviderDefinition.all(in: store)
        let declared = RawTypes(definitions.flatMap(\.rawTypes), besides: MusterServer.takenNames(catalog))
        (rawTypes, problems) = (declared.usable, declared.problems)
    }

    /// Their layers, of those whose content can be used; and what is wrong with the others.
    func layers(_ packs: ContentPacks) -> (layers: [Layer], problems: [PackProblem]) {
        var (layers, problems) = ([Layer](), [PackProblem]())
        for definition in definitions {
            do throws(TrackerError) {
                if let layer = try ProviderContent(definition).layer(packs, over: nil) { layers.append(layer) }
            } catch {
                problems.append(PackProblem(pack: definition.name, messages: error.messages))
            }
        }
        return (layers, problems)
    }
}
