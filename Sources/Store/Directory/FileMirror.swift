import Basics
import Glibc

/// The files of a directory store: where they are, and how they get there (C §14.5).
struct FileMirror: Sendable {
    /// The directory with a folder for each type.
    let root: String
    /// How files are written.
    let codec: FileCodec
    /// What is shown, and where.
    let layout: any FileLayout

    /// The folder, below the root, that has all that people need not see.
    static let hidden = ".muster"
    /// The longest name of a file, in bytes, on usual file systems.
    private static let longestName = 255
    /// From so many new files on they are synced together.
    static let many = 32

    /// Where new files are until they take their places.
    var drafts: String { "\(root)/\(Self.hidden)/new" }
    /// Where files go that cannot be used.
    var aside: String { "\(root)/\(Self.hidden)/aside" }

    /// The place of a key; nil if no file shows its value, as with names that are too long for one.
    func place(of key: [UInt8]) -> FilePlace? {
        guard let place = layout.place(of: key), fileName(of: place).utf8.count <= Self.longestName else { return nil }
        return place
    }

    /// The path of a file.
    func path(of place: FilePlace) -> String { "\(root)/\(place.folder)/\(fileName(of: place))" }

    /// The path of a new file.
    func path(ofDraft number: UInt64) -> String { "\(drafts)/\(number)" }

    /// The name of a file, escaped as Go's `QueryEscape` does it.
    func fileName(of place: FilePlace) -> String {
        let escaped = PercentEncoding.encode(place.name.utf8) { PercentEncoding.isUnreserved($0) || $0 == 0x20 }
        return escaped.replacing(" ", with: "+") + codec.suffix
    }

    /// The place that a file has; nil if its name is none that this store gives.
    func place(in folder: String, named fileName: String) -> FilePlace? {
        guard fileName.hasByteSuffix(codec.suffix) else { return nil }
        let stem = fileName.dropLast(codec.suffix.utf8.count)
        let place = FilePlace(folder: folder, name: PercentEncoding.decode(stem, plusIsSpace: true))
        return self.fileName(of: place).hasSameUTF8(as: fileName) ? place : nil
    }

    /// Makes the folders that are always there. The hidden one tells git to leave it alone.
    func prepare() throws(StoreError) {
        try Directory.create(drafts)
        let ignored = "\(root)/\(Self.hidden)/.gitignore"
        guard Directory.sizeOfFile(ignored) == nil else { return }
        _ = try PlainFile.make(ignored, Array("*\n".utf8), isSynced: true)
        try Directory.synchronize("\(root)/\(Self.hidden)")
    }

    /// Puts new files into their places and takes others away, and makes that durable. Doing it again changes nothing.
    func install(_ redo: RedoList) throws(StoreError) {
        var folders: Set<Identifier> = []
        for step in redo.steps {
            if let draft = step.draft {
                if folders.insert(Identifier(step.place.folder)).inserted {
                    try Directory.create("\(root)/\(step.place.folder)")
                }
                let draft = path(ofDraft: draft)
                // What is not there any more is in its place already.
                if FileSignature(path: draft) != nil { try PlainFile.move(draft, to: path(of: step.place)) }
            } else {
                folders.insert(Identifier(step.place.folder))
                try PlainFile.remove(path(of: step.place))
            }
        }
        for folder in folders where Directory.isDirectory("\(root)/\(folder.text)") {
            try Directory.synchronize("\(root)/\(folder.text)")
        }
    }

    /// Finishes what a crash interrupted. Where somebody edited the file since, that stays: it is found changed.
    func recover(_ redo: RedoList) throws(StoreError) {
        var rest = RedoList()
        rest.steps = redo.steps.filter { step in
            let isUntouched = FileSignature(path: path(of: step.place)) == step.before
            return isUntouched && (step.draft.map { FileSignature(path: path(ofDraft: $0)) != nil } ?? true)
        }
        try install(rest)
        for name in try Directory.names(drafts) { try PlainFile.remove("\(drafts)/\(name)") }
    }

    /// Moves a file to where it can be looked at.
    ///
    /// - Returns: where it is now; nil if it was gone.
    func setAside(_ path: String) throws(StoreError) -> String? {
        guard FileSignature(path: path) != nil else { return nil }
        try Directory.create(aside)
        let name = path.dropFirst(root.utf8.count + 1).replacing("/", with: "_")
        var (target, number) = ("\(aside)/\(name)", 1)
        while Directory.sizeOfFile(target) != nil {
            number += 1
            target = "\(aside)/\(name).\(number)"
        }
        try PlainFile.move(path, to: target)
        return target
    }
}
