import Glibc

/// Reads the records of a journal that were not settled when its store was last used.
struct JournalReader: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private let size: Int

    /// Opens the journal of the store in `directory`.
    ///
    /// - Throws: `corrupt` if there is none, and what the system says.
    init(_ directory: String) throws(StoreError) {
        path = JournalFile.path(directory)
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(errno, doing: "opening", path: path) }
            throw StoreError(
                .corrupt,
                "the store in \(directory) was not closed, and the file journal with its newest changes is missing: put "
                    + "it back, or make an empty file of that name to go on without them")
        }
        size = Directory.sizeOfFile(path) ?? 0
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// All changes that follow `position`.
    ///
    /// The first record that is not whole ends them: its writing was cut short, so nobody was told that it succeeded.
    ///
    /// - Throws: `corrupt` if a later one is whole, since then one that was acknowledged is damaged.
    func changes(after position: JournalPosition) throws(StoreError) -> Unsettled.Generation {
        var generation = Unsettled.Generation(start: position)
        while let found = try record(after: generation.end) {
            generation.add(found.record.batch, length: found.length, cost: 0, end: found.end)
        }
        try refuseGap(after: generation.end)
        return generation
    }

    private func record(
        after position: JournalPosition
    ) throws(StoreError) -> (record: JournalRecord, length: Int, end: JournalPosition)? {
        for offset in [position.offset, 0] {
            guard let found = try record(at: offset, salt: position.salt), found.record.sequence == position.sequence
            else { continue }
            let end = JournalPosition(
                salt: position.salt, sequence: position.sequence + 1, offset: offset + found.length)
            return (found.record, found.length, end)
        }
        return nil
    }

    private func refuseGap(after position: JournalPosition) throws(StoreError) {
        for offset in stride(from: 0, to: size, by: JournalRecord.blockSize) {
            guard let found = try record(at: offset, salt: position.salt), found.record.sequence > position.sequence
            else { continue }
            throw StoreError(
                .corrupt,
                "\(path) is damaged: record \(position.sequence) of changes is not readable, though "
                    + "\(found.record.sequence) is. Restore a backup, or empty that file to go on without them")
        }
    }

    private func record(
        at offset: Int, salt: UInt64
    ) throws(StoreError) -> (record: JournalRecord, length: Int)? {
        let header = try read(JournalRecord.headerSize, at: offset)
        let length = header.withUnsafeBytes { JournalRecord.length($0, salt: salt) }
        guard let length, length <= size - offset else { return nil }
        let bytes = try read(length, at: offset)
        return bytes.withUnsafeBytes { JournalRecord($0) }.map { ($0, roundUp(length, to: JournalRecord.blockSize)) }
    }

    /// The bytes at `offset`, fewer where the file ends.
    private func read(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
        var done = 0
        while done < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(errno, doing: "reading", path: path) }
            if got == 0 { return Array(bytes.prefix(done)) }
            done += got
        }
        return bytes
    }
}
