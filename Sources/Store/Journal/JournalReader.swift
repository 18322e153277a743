import Basics
import Glibc

/// Reads the records of a journal that were not checkpointed when its store was last used.
///
/// After a crash the records that were acknowledged are whole, and at most one follows of which only some sectors were
/// written. Anything else, such as a sector that is neither that record's nor what was there before, is damage.
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
                    + "it back, or make an empty file \(DiscardedJournal.name) there to go on without them")
        }
        size = Directory.sizeOfFile(path) ?? 0
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// All changes that follow `position`.
    ///
    /// - Parameter format: the store's, which tells how its journal looks.
    /// - Throws: `corrupt` if a record that was acknowledged is damaged, or may be.
    func changes(after position: JournalPosition, format: Int) throws(StoreError) -> Memtable.Generation {
        let isSealed = format >= LMDBFormat.checked
        if isSealed { try checkHeader(salt: position.salt) }
        var generation = Memtable.Generation(start: position)
        while let found = try isSealed ? sealedRecord(generation.end) : plainRecord(generation.end) {
            generation.add(found.record.batch, length: found.length, cost: 0, end: found.end)
        }
        try refuseGap(after: generation.end, isSealed: isSealed)
        return generation
    }

    private func checkHeader(salt: UInt64) throws(StoreError) {
        let header = try read(JournalRecord.blockSize, at: 0).withUnsafeBytes { JournalHeader($0) }
        guard let header else { throw damaged("does not begin as a journal does") }
        guard header.salt == salt else { throw damaged("is not the one that belongs to this data.mdb") }
        guard size >= header.size else { throw damaged("was cut short: it has \(size) bytes of \(header.size)") }
    }

    private typealias Found = (record: JournalRecord, length: Int, end: JournalPosition)

    /// The record that is expected at `position`; nil if it was not written to its end.
    private func sealedRecord(_ position: JournalPosition) throws(StoreError) -> Found? {
        let mark = JournalSector.mark(salt: position.salt, sequence: position.sequence)
        var isDamaged = false
        for offset in Set([position.offset, JournalRecord.start]).sorted() {
            guard offset >= JournalRecord.start, offset + JournalRecord.blockSize <= size else { continue }
            let block = try read(JournalRecord.blockSize, at: offset)
            switch block.withUnsafeBytes({ JournalSector.state($0, at: offset) }) {
            case .damaged: isDamaged = true
            case .sealed(mark):
                // One that began at the start and is longer than the one before lies over the place behind that.
                let length = block.withUnsafeBytes { JournalRecord.sealedLength($0, salt: position.salt) }
                guard let length else { continue }
                guard length <= size - offset else { throw damaged(position) }
                return try record(try read(length, at: offset), at: offset, position, mark)
            case .blank, .sealed: continue
            }
        }
        if isDamaged { throw damaged(position) }
        return nil
    }

    private func record(
        _ bytes: [UInt8], at offset: Int, _ position: JournalPosition, _ mark: UInt32
    ) throws(StoreError) -> Found? {
        var isWhole = true
        for start in stride(from: 0, to: bytes.count, by: JournalSector.size) {
            let state = bytes.withUnsafeBytes {
                JournalSector.state($0.part(start..<bytes.count), at: offset + start)
            }
            if state == .damaged { throw damaged(position) }
            if state != .sealed(mark: mark) { isWhole = false }
        }
        if !isWhole { return nil }
        let content = bytes.withUnsafeBytes { JournalSector.content($0) }
        guard let record = content.withUnsafeBytes({ JournalRecord($0) }), record.salt == position.salt,
            record.sequence == position.sequence
        else { throw damaged(position) }
        let end = JournalPosition(
            salt: position.salt, sequence: position.sequence + 1, offset: offset + bytes.count)
        return (record, bytes.count, end)
    }

    /// The same in a journal of format 2, whose records have one checksum; nil also if it is damaged.
    private func plainRecord(_ position: JournalPosition) throws(StoreError) -> Found? {
        for offset in [position.offset, 0] {
            guard let found = try plainRecord(at: offset, salt: position.salt),
                found.record.sequence == position.sequence
            else { continue }
            let end = JournalPosition(
                salt: position.salt, sequence: position.sequence + 1, offset: offset + found.length)
            return (found.record, found.length, end)
        }
        return nil
    }

    private func plainRecord(at offset: Int, salt: UInt64) throws(StoreError) -> (record: JournalRecord, length: Int)? {
        let header = try read(JournalRecord.headerSize, at: offset)
        let length = header.withUnsafeBytes { JournalRecord.plainLength($0, salt: salt) }
        guard let length, length <= size - offset else { return nil }
        let bytes = try read(length, at: offset)
        return bytes.withUnsafeBytes { JournalRecord(plain: $0) }.map {
            ($0, roundUp(length, to: JournalRecord.blockSize))
        }
    }

    /// No record follows one that was not acknowledged.
    private func refuseGap(after position: JournalPosition, isSealed: Bool) throws(StoreError) {
        for offset in stride(from: 0, to: size, by: JournalRecord.blockSize) {
            let bytes = try read(JournalSector.size, at: offset)
            let header = bytes.withUnsafeBytes { bytes -> JournalRecord.Header? in
                if isSealed, bytes.count < JournalSector.size || JournalSector.state(bytes, at: offset) == .damaged {
                    return nil
                }
                return JournalRecord.Header(bytes)
            }
            if let header, header.salt == position.salt, header.sequence > position.sequence { throw damaged(position) }
        }
    }

    private func damaged(_ position: JournalPosition) -> StoreError {
        damaged("is damaged: record \(position.sequence) of changes is not as it was written")
    }

    private func damaged(_ what: String) -> StoreError {
        StoreError(
            .corrupt,
            "\(path) \(what). Restore a backup, or rename the file to \(DiscardedJournal.name) to go on without the "
                + "newest changes")
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
