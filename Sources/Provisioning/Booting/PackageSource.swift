import Basics
import JSON
public import Tracker

/// Where the files of an operating system are elsewhere, for those that are not here (C §17.3).
public enum PackageSource {
    /// The URL at which a path of the tree may be found: in a repository that the profile `global` lists, from which that
    /// system is installed whose folder the path begins with.
    ///
    /// - Parameter path: below the file root, without a slash at the start.
    /// - Returns: nil if there is none.
    public static func url(of path: String, in view: Snapshot) -> String? {
        let global = view.object("profiles", ParamResolution.globalProfile)
        let listed = global?.document.member(at: ["Params", RenderScene.repositoriesParam])?.value().arrayValue ?? []
        for case .object(let repository) in listed where repository.flag("installSource") {
            guard let base = base(of: repository) else { continue }
            for os in repository.texts("os") where !os.isEmpty {
                guard let rest = rest(of: path, below: os) else { continue }
                return "\(base)/\(PercentEncoding.encode(rest.utf8, keeping: isKept))"
            }
        }
        return nil
    }

    /// Where a repository is, without a slash at the end; nil if that is no place to fetch files from.
    private static func base(of repository: JSONObject) -> Substring? {
        var base = repository.text("url")[...]
        while base.hasByteSuffix("/") { base = base.dropLast() }
        return base.hasBytePrefix("http://") || base.hasBytePrefix("https://") ? base : nil
    }

    /// What a path has below the folder of a system, which may be that of its installation.
    private static func rest(of path: String, below os: String) -> Substring? {
        guard let rest = path.after("\(os)/install/") ?? path.after("\(os)/"), !rest.isEmpty else { return nil }
        return rest
    }

    private static func isKept(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: "/")
    }
}
