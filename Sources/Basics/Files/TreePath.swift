/// Paths of files as clients spell them, below a root that nobody must get out of.
public enum TreePath {
    /// The longest path that is looked at, in bytes.
    private static let longest = 4_096

    /// The path without slashes at its ends and without empty parts; nil if it is empty, leads up, or is none.
    public static func clean(_ text: some StringProtocol) -> String? {
        guard text.utf8.count <= longest, !text.utf8.contains(0) else { return nil }
        var parts: [String] = []
        for part in String(text).parts(between: "/") where !part.isEmpty {
            if part.hasSameUTF8(as: "..") { return nil }
            if !part.hasSameUTF8(as: ".") { parts.append(String(part)) }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }
}
