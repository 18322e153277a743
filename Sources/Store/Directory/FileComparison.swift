import Basics
import JSON

/// The files of a directory store compared with what the store left there.
struct FileComparison {
    private let mirror: FileMirror
    private let inner: any KeyValueStore

    /// What somebody changed.
    private(set) var found: [FoundChange] = []
    /// Files that were touched, and say what the store has.
    private(set) var touched: [FoundChange] = []
    /// Files that cannot be used, with their key if it has a value.
    private(set) var broken: [(path: String, reason: String, key: [UInt8]?)] = []
    /// What is left alone.
    private(set) var remarks: [String] = []
    /// How many files the store had left.
    private(set) var expected = 0

    private var seen: Set<[UInt8]> = []

    /// Compares all files.
    init(_ mirror: FileMirror, _ inner: any KeyValueStore) throws(StoreError) {
        (self.mirror, self.inner) = (mirror, inner)
        let folders = Set(mirror.layout.folders.map { Identifier($0) })
        for name in try Directory.names(mirror.root) where !name.hasBytePrefix(".") {
            let path = "\(mirror.root)/\(name)"
            guard Directory.isDirectory(path) else { continue }
            guard folders.contains(Identifier(name)) else {
                remarks.append("\(path) is left alone: there is no type of this name")
                continue
            }
            for file in try Directory.names(path) where !file.hasBytePrefix(".") { try look(at: file, in: name) }
        }
        try findRemovals()
    }

    /// Whether so many files are gone that it looks like an accident.
    var looksLost: Bool { expected > 10 && seen.isEmpty && broken.isEmpty }

    private mutating func look(at file: String, in folder: String) throws(StoreError) {
        let path = "\(mirror.root)/\(folder)/\(file)"
        guard file.hasByteSuffix(mirror.codec.suffix) else {
            remarks.append("\(path) is left alone: the files of this store end in \(mirror.codec.suffix)")
            return
        }
        guard let signature = FileSignature(path: path) else {
            remarks.append("\(path) is left alone: it is no plain file")
            return
        }
        guard let place = mirror.place(in: folder, named: file) else {
            let wanted = mirror.place(in: folder, likely: file).map { ": call it \(mirror.fileName(of: $0))" } ?? ""
            broken.append((path, "its name is not written as this store writes it\(wanted)", nil))
            return
        }
        guard let key = mirror.layout.key(at: place) else {
            broken.append((path, "\(place.name) is no key of the type \(folder)", nil))
            return
        }
        seen.insert(key)
        let bytes = try inner.value(.data, key: key)
        let stored = if let bytes { try MirroredValue(bytes) } else { nil as MirroredValue? }
        if stored?.signature == signature { return }
        try compare(path, place, key, stored, signature)
    }

    private mutating func compare(
        _ path: String, _ place: FilePlace, _ key: [UInt8], _ stored: MirroredValue?, _ signature: FileSignature
    ) throws(StoreError) {
        guard let text = try PlainFile.read(path) else { return }
        do throws(FileProblem) {
            let object = try mirror.layout.object(of: text, mirror.codec, at: place)
            let change = FoundChange(place: place, path: path, object: object, key: key, signature: signature)
            if let stored, let parts = mirror.layout.parts(of: stored.value),
                mirror.layout.shown(parts.document, at: place) == JSONDocument(.object(object))
            {
                touched.append(change)
            } else {
                found.append(change)
            }
        } catch {
            broken.append((path, error.reason, stored == nil ? nil : key))
        }
    }

    private mutating func findRemovals() throws(StoreError) {
        let (mirror, seen) = (mirror, seen)
        var (gone, expected) = ([FoundChange](), 0)
        try inner.scan(.data) { (key, bytes) throws(StoreError) in
            guard bytes.last == 1 else { return true }
            expected += 1
            let key = Array(key)
            if !seen.contains(key), let place = mirror.place(of: key) {
                gone.append(
                    FoundChange(place: place, path: mirror.path(of: place), object: nil, key: key, signature: nil))
            }
            return true
        }
        found += gone
        self.expected = expected
    }
}

extension FileMirror {
    /// The place that a file was probably meant for whose name is not written as it should be.
    func place(in folder: String, likely fileName: String) -> FilePlace? {
        let stem = fileName.dropLast(codec.suffix.utf8.count)
        return stem.isEmpty
            ? nil : FilePlace(folder: folder, name: PercentEncoding.decode(stem, plusIsSpace: true))
    }
}
