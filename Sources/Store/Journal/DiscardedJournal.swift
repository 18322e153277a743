import Glibc

/// The way to go on without the newest changes when a journal is lost or damaged: whoever runs the server renames it, or
/// makes an empty file of that name. It counts once, and only where there is no journal.
enum DiscardedJournal {
    static let name = "journal.discarded"

    /// Whether the changes of the journal of the store in `directory` were given up.
    static func isThere(_ directory: String) -> Bool {
        Directory.sizeOfFile(directory + "/" + name) != nil
            && Directory.sizeOfFile(JournalFile.path(directory)) == nil
    }

    /// Renames the file, so that the next journal that is lost is missed again.
    static func setAside(_ directory: String) throws(StoreError) {
        let path = directory + "/" + name
        guard rename(path, directory + "/journal.old") == 0 else { throw .system(errno, doing: "renaming", path: path) }
        try Directory.synchronize(directory)
    }
}
