import FoundationEssentials
import Provisioning
import SystemPackage

/// The directory that holds everything the server keeps (C §1).
struct BaseRoot {
    let path: FilePath

    init(_ path: FilePath) { self.path = path }

    /// What machines fetch over HTTP and TFTP.
    var tftpboot: FilePath { path.appending("tftpboot") }

    /// What lies below `tftpboot`.
    var files: FileCatalog {
        let root = tftpboot
        return FileCatalog { relative in
            let target = FilePath(root: root.root, root.components).pushing(FilePath(relative)).lexicallyNormalized()
            guard target.starts(with: root) else { return false }
            var isDirectory = false
            return FileManager.default.fileExists(atPath: target.string, isDirectory: &isDirectory) && !isDirectory
        }
    }

    /// Makes the directories that are not there yet.
    ///
    /// - Throws: `StartError` naming the directory that cannot be made.
    func prepare() throws {
        for name in ["", "tftpboot/files", "tftpboot/isos", "tftpboot/machines", "job-logs", "plugins"] {
            let directory = name.isEmpty ? path : path.pushing(FilePath(name))
            do {
                try FileManager.default.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
            } catch {
                throw StartError(
                    "the directory \(directory) cannot be made: \(error). Give another with --base-root, or its rights."
                )
            }
        }
    }
}
