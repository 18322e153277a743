import Basics
import CLMDB
import Glibc

extension LMDBStore {
    /// The format, and what is used and free of the files.
    public func details() throws(StoreError) -> [(name: String, value: String)] {
        let (format, pageSize, pages) = try environment.gate.read { environment throws(StoreError) in
            (environment.format, environment.pageSize, environment.pageCount)
        }
        let free = try environment.read { transaction throws(StoreError) in try transaction.freePageCount() }
        var details = [
            ("format", "\(format)"), ("directory", directory),
            ("data file", "\(Directory.sizeOfFile(directory + "/data.mdb") ?? 0) bytes"),
            ("used", "\((pages - free) * pageSize) bytes"), ("free for reuse", "\(free * pageSize) bytes"),
            ("journal", "\(Directory.sizeOfFile(directory + "/journal") ?? 0) bytes"),
        ]
        if let time = Self.timeOfChange(directory + "/data.mdb") {
            details.append(("last checkpoint", time.description))
        }
        return details
    }

    private static func timeOfChange(_ path: String) -> Timestamp? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return Timestamp(seconds: Int64(information.st_mtim.tv_sec), nanoseconds: Int32(information.st_mtim.tv_nsec))
    }
}

extension LMDBTransaction {
    /// How many pages are not used by the state that is seen: LMDB lists them in a database of its own.
    fileprivate func freePageCount() throws(StoreError) -> Int {
        var count = 0
        try rawScan(MDB_dbi(0), from: nil, upTo: nil, descending: false) { _, value in
            if value.count >= MemoryLayout<UInt>.size { count += Int(value.loadUnaligned(as: UInt.self)) }
            return true
        }
        return count
    }
}
