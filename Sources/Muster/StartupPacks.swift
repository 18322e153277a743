import Basics
import Content
import JSON
import Provisioning
import SystemPackage
import Tracker

/// The packs that are on the stack from the start: built in, default and local.
struct StartupPacks {
    private let settings: Settings
    private let packs: ContentPacks

    init(_ settings: Settings, packs: ContentPacks) {
        self.settings = settings
        self.packs = packs
    }

    /// What is on the shelf.
    struct Contents {
        /// The packs that can be used.
        var layers: [Layer]
        /// What is wrong with the packs that cannot be read.
        var problems: [PackProblem] = []
        /// What is odd about those that can.
        var warnings: [PackProblem] = []
    }

    /// Reads all packs; one that is broken does not keep the others off the stack.
    ///
    /// - Parameter providers: bring packs too.
    /// - Throws: what is wrong with the pack that is built in.
    func contents(with providers: InstalledProviders) throws -> Contents {
        var contents = Contents(layers: [try BuiltIn.basicLayer(version: Version.text, catalog: packs.catalog)])
        for (path, kind, name) in files {
            do {
                let bundle = try PackBundle(path.string, catalog: packs.catalog).read()
                if !bundle.warnings.isEmpty {
                    contents.warnings.append(PackProblem(pack: name, messages: bundle.warnings.map(\.description)))
                }
                contents.layers.append(try packs.layer(from: bundle.content, kind: kind, name: name, over: nil))
            } catch let error as BundleError {
                contents.problems.append(PackProblem(pack: name, messages: error.problems.map(\.description)))
            } catch let error as TrackerError {
                contents.problems.append(PackProblem(pack: name, messages: error.messages))
            }
        }
        let (layers, problems) = providers.layers(packs)
        contents.layers += layers
        contents.problems += problems
        return contents
    }

    /// A pack's name, with the place on disk that it comes from, if it does.
    func title(of pack: String) -> String {
        files.first { $0.name.hasSameUTF8(as: pack) }.map { "\(pack) from \($0.path)" } ?? pack
    }

    private var files: [(path: FilePath, kind: LayerKind, name: String)] {
        let all = [
            (settings.defaultContent, LayerKind.default, "DefaultStore"), (settings.localContent, .local, "LocalStore"),
        ]
        return all.compactMap { path, kind, name in path.map { ($0, kind, name) } }
    }
}
