import Basics
import JSON
public import Tracker

/// Where the files of an operating system are elsewhere, for those that are not here (C §17.3).
public enum PackageSource {
    /// The URL at which a path of the tree may be found: of a repository that the profile `global` lists, from which the system whose
    /// folder the path begins with is installed.
    ///
    /// - Parameter path: below the file root, without a slash at the start.
    /// - Returns: nil if there is none.
    public static func url(of path: String, in view: Snapshot) -> String? {
        let global = view.object("profiles", ParamResolution.globalProfile)
        guard let listed = global?.document.member(at: ["Params", RenderScene.repositoriesParam]) else { return nil }
        for case .object(let repository) in listed.value().arrayValue ?? [] where repository.flag("installSource") {
            for os in repository.texts("os") where !os.isEmpty {
                guard let rest = path.after("\(os)/install/") ?? path.after("\(os)/"), !rest.isEmpty else { continue }
                var base = repository.text("url")[...]
                while base.hasByteSuffix("/") { base = base.dropLast() }
                guard base.hasBytePrefix("http://") || base.hasBytePrefix("https://") else { continue }
                return "\(base)/\(PercentEncoding.encode(rest.utf8) { PercentEncoding.isUnreserved($0) || $0 == 0x2f })"
            }
        }
        return nil
    }
}
