import Content
import JSON
import Provisioning
import SystemPackage
import Tracker

/// The packs that are on the stack from the start: built in, default and local.
struct PackShelf {
    private let settings: Settings
    private let packs: ContentPacks

    init(_ settings: Settings, packs: ContentPacks) {
        self.settings = settings
        self.packs = packs
    }

    /// The layers, and what is wrong with the packs that cannot be read.
    func layers() throws -> (layers: [Layer], problems: [PackProblem]) {
        var layers = [try BuiltIn.basicLayer(version: Version.text, catalog: packs.catalog)]
        var problems: [PackProblem] = []
        for (path, kind, name) in files {
            do {
                let content = try Bundle(path.string, catalog: packs.catalog).content()
                layers.append(try packs.layer(from: content, kind: kind, name: name, over: nil))
            } catch let error as BundleError {
                problems.append(PackProblem(pack: name, messages: ["\(error)"]))
            } catch let error as TrackerError {
                problems.append(PackProblem(pack: name, messages: error.messages))
            }
        }
        return (layers, problems)
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
