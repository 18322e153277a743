import Basics
import Glibc

/// The folder of the sockets of plug-ins: nobody else may put anything there.
enum SocketFolder {
    /// Makes the folder anew, for this user alone. It blocks.
    ///
    /// - Returns: whether it is there, and this user's.
    static func make(_ path: String) -> Bool {
        Folder.removeAll(path)
        guard Folder.make(path), chmod(path, 0o700) == 0 else { return false }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }
}
