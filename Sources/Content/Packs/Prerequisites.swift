import Basics
import JSON
import Tracker

/// The other packs that a pack wants beside it: `name[: constraint], …` (C §14.2).
struct Prerequisites {
    private let wanted: [(name: String, constraint: VersionConstraint)]
    private let layer: String

    /// The prerequisites that `text` spells, of the pack called `layer`.
    ///
    /// - Throws: `TrackerError` of code `packRefused` when a constraint cannot be read.
    init(_ text: String, of layer: String) throws(TrackerError) {
        self.layer = layer
        var wanted: [(name: String, constraint: VersionConstraint)] = []
        for item in text.parts(between: ",") {
            let parts = item.parts(between: ":", maxSplits: 1)
            guard let name = parts.first.map({ String($0.filter { !$0.isWhitespace }) }), !name.isEmpty else {
                continue
            }
            do throws(VersionError) {
                wanted.append((name, try VersionConstraint(parts.count > 1 ? String(parts[1]) : "")))
            } catch {
                let message =
                    "Layer \(layer): error parsing prerequisites \(text): "
                    + "Invalid version requirement for \(name): \(error)"
                throw TrackerError(.packRefused, "contents", key: layer, message)
            }
        }
        self.wanted = wanted
    }

    /// What is missing; it does not keep the pack from loading.
    func warnings(in stack: LayerStack?) -> [String] {
        guard let stack else { return [] }
        return wanted.compactMap { name, constraint in
            guard let other = stack[name] else {
                return "Layer \(layer) has \(name) as a prerequisite, but \(name) does not exist!"
            }
            let version = try? SemanticVersion(other.metadata["Version"]?.stringValue ?? "")
            if constraint.holds(for: version ?? .none) { return nil }
            return "Layer \(layer) prerequisite test on \(name) failed"
        }
    }
}
