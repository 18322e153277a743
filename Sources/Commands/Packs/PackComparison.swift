import Basics
import Client
import Content
import JSON
import Tracker

/// How a pack on disk and the server's differ, object by object, each as the server would keep it: members that are absent count
/// as their defaults.
struct PackComparison {
    /// An object, or the metadata, that differs.
    private struct Difference {
        let name: String
        /// From the server's to the one on disk; nil where only one of them has it.
        let patch: JSONPatch?
        let isOnDisk: Bool
    }

    private var differences: [Difference] = []

    /// Compares two packs.
    ///
    /// - Parameter path: what errors call the one on disk.
    /// - Throws: `ClientError` of kind `usage` when one is no pack.
    init(_ onDisk: JSONValue, _ present: JSONValue, as path: String) throws(ClientError) {
        let mine = try Self.layer(onDisk, path)
        let theirs = try Self.layer(present, "the server's pack")
        var (mineMetadata, theirMetadata) = (mine.metadata, theirs.metadata)
        // Where the pack itself says nothing, the upload says which commit it was: that is no difference of the pack.
        if mineMetadata["CodeSource"]?.stringValue?.isEmpty ?? true {
            mineMetadata["CodeSource"] = ""
            theirMetadata["CodeSource"] = ""
        }
        let (metadata, other) = (JSONValue.object(mineMetadata), JSONValue.object(theirMetadata))
        if metadata != other {
            differences.append(
                Difference(name: "meta", patch: .diff(from: other, to: metadata, testing: true), isOnDisk: true))
        }
        for type in mine.objects.merging(theirs.objects, uniquingKeysWith: { mine, _ in mine }).keys.sorted() {
            compare(type.rawValue, mine.objects[type] ?? [:], theirs.objects[type] ?? [:])
        }
    }

    private mutating func compare(
        _ type: String, _ mine: [ByteString: JSONDocument], _ theirs: [ByteString: JSONDocument]
    ) {
        for key in mine.merging(theirs, uniquingKeysWith: { mine, _ in mine }).keys.sorted() {
            let name = "\(type)/\(key)"
            guard let document = mine[key], let other = theirs[key] else {
                differences.append(Difference(name: name, patch: nil, isOnDisk: mine[key] != nil))
                continue
            }
            guard document.bytes != other.bytes else { continue }
            let patch = JSONPatch.diff(from: other.value(), to: document.value(), testing: true)
            differences.append(Difference(name: name, patch: patch, isOnDisk: true))
        }
    }

    private static func layer(_ content: JSONValue, _ path: String) throws(ClientError) -> Layer {
        do throws(TrackerError) {
            return try PackTools.current.reader.layer(from: content, over: nil)
        } catch {
            throw ClientError(.usage, error.messages.map { "\(path): \($0)" }.joined(separator: "\n"))
        }
    }

    /// Whether nothing differs.
    var isEmpty: Bool { differences.isEmpty }

    /// The differences as lines.
    func text(isColoured: Bool) -> String {
        differences.map { difference in
            guard let patch = difference.patch else {
                return (difference.isOnDisk ? "+ " : "- ") + difference.name + "\n"
            }
            let lines = ChangeText(isColoured: isColoured).operations(patch.value)
            return "~ \(difference.name)\n" + lines.map { $0 + "\n" }.joined()
        }.joined()
    }

    /// The differences for programs.
    var value: JSONValue {
        .array(
            differences.map { difference in
                let kind = difference.patch != nil ? "differs" : difference.isOnDisk ? "onDisk" : "onServer"
                return ["name": .string(difference.name), "kind": .string(kind), "diff": difference.patch?.value ?? []]
            })
    }
}
