import Glibc
import SystemPackage

/// Small files that are there as a whole or not at all.
enum PEMFile {
    /// Puts `text` in the place of what the file holds; nobody reads half of it, nor has more rights than `mode` for a moment.
    static func replace(_ path: FilePath, with text: String, mode: FilePermissions) throws {
        let draft = FilePath(path.string + ".new")
        unlink(draft.string)
        let descriptor = try FileDescriptor.open(
            draft, .writeOnly, options: [.create, .exclusiveCreate], permissions: mode)
        try descriptor.closeAfter {
            _ = try descriptor.writeAll(Array(text.utf8))
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        guard rename(draft.string, path.string) == 0 else { throw Errno(rawValue: errno) }
    }
}
