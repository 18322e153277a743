import Basics
import CArchive
import Glibc

/// Unpacks archives in a process of its own: what somebody uploads must not be able to harm the server.
public enum ArchiveUnpacker {
    /// What an archive may come to, and what the process that unpacks it may take.
    public struct Limits: Sendable {
        /// The bytes of all files.
        public var bytes: UInt64 = 64 << 30
        /// How many files, directories and links.
        public var entries: UInt64 = 500_000
        /// How many times the bytes of the archive its files may have.
        public var ratio: UInt64 = 200
        /// The memory of the process, in bytes.
        public var memory: UInt64 = 1 << 30
        /// The time on a processor, in seconds.
        public var seconds: UInt64 = 1_800

        /// The usual limits.
        public init() {}
    }

    /// The hidden command of this binary that unpacks.
    public static let command = "unpack-archive"

    /// Unpacks an archive into a directory that is made for it, and takes what is there already out of the way once that is done.
    /// It blocks.
    ///
    /// - Returns: why it cannot be unpacked; nil if it is.
    public static func unpack(_ archive: String, to directory: String) -> String? {
        let draft = "\(directory).unpacking"
        Folder.removeAll(draft)
        guard Folder.make(draft) else {
            return "the directory \(draft) cannot be made: \(String(cString: strerror(errno)))"
        }
        let arguments = ["/proc/self/exe", command, archive, draft]
        // A file of some gigabytes may take long, and the process ends itself in time.
        let outcome = ChildProcess.output(of: arguments, silence: .seconds(2 * 3_600), readsErrors: true)
        guard outcome?.status == 0 else {
            Folder.removeAll(draft)
            let reason = outcome?.output.parts(between: "\n").last { !$0.isEmpty }.map(String.init)
            return reason ?? "the process that unpacks it was ended: it takes too long, or too much memory"
        }
        let old = "\(directory).old"
        Folder.removeAll(old)
        let isReplaced = rename(directory, old) == 0
        guard rename(draft, directory) == 0 else {
            if isReplaced { _ = rename(old, directory) }
            return "\(directory) cannot be put in place: \(String(cString: strerror(errno)))"
        }
        Folder.removeAll(old)
        return nil
    }

    /// Unpacks an archive into a directory beside what is there. It blocks.
    ///
    /// - Returns: why it cannot be unpacked; nil if it is.
    public static func add(_ archive: String, to directory: String) -> String? {
        let draft = "\(directory)/\(BlobFolder.draftPrefix)\(Hexadecimal.encode(Environment.systemRandomBytes(8)))"
        defer { Folder.removeAll(draft) }
        if let problem = unpack(archive, to: draft) { return problem }
        return merge(draft, into: directory)
    }

    /// Moves what is in a directory to another, where files take the places of those of their names.
    private static func merge(_ source: String, into target: String) -> String? {
        for name in Folder.names(in: source) ?? [] {
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            if rename(from, to) == 0 { continue }
            guard Folder.exists(from, followsLinks: false), Folder.exists(to, followsLinks: false) else {
                return "\(to): \(String(cString: strerror(errno)))"
            }
            if let problem = merge(from, into: to) { return problem }
        }
        return nil
    }

    /// What the process does that unpacks: limits itself, and begins.
    ///
    /// - Returns: why it cannot be unpacked; nil if it is.
    public static func unpackHere(_ archive: String, to directory: String, _ limits: Limits = Limits()) -> String? {
        limit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), limits.memory)
        limit(__rlimit_resource_t(UInt32(RLIMIT_CPU.rawValue)), limits.seconds)
        var most = muster_archive_limits(bytes: limits.bytes, entries: limits.entries, ratio: limits.ratio)
        var message = [CChar](repeating: 0, count: 1_024)
        guard muster_archive_unpack(archive, directory, &most, &message, message.count) != 0 else { return nil }
        return String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func limit(_ resource: __rlimit_resource_t, _ most: UInt64) {
        var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
        setrlimit(resource, &limit)
    }
}
