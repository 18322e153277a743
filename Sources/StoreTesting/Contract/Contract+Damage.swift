import Glibc
import Store

extension KeyValueStoreContract {
    private static let ninetyNine = (1...99 as ClosedRange<UInt8>).map { Pair(key: [$0], value: [$0, $0]) }

    /// The name of a closed store with some pairs.
    private static func filled(_ trial: StoreTrial) throws -> String {
        let name = trial.newName()
        let store = try trial.open(name)
        try store.write { batch in for pair in ninetyNine { batch.put(.data, key: pair.key, value: pair.value) } }
        try store.close()
        return name
    }

    /// Replaces the main file of a closed store, and expects that it cannot be opened and the file is as it was.
    private static func refuse(
        _ trial: StoreTrial, _ codes: [StoreError.Code], _ change: (_ file: String) throws -> Void
    ) throws {
        let name = try filled(trial)
        let file = trial.mainFile(name)
        try change(file)
        let before = FileBytes.read(file)
        let error = Result { () throws(StoreError) in _ = try trial.open(name) }
        guard case .failure(let refusal) = error else {
            throw Violation(description: "it is opened as if nothing were wrong")
        }
        try require(codes.contains(refusal.code), "expected \(codes), got \(refusal.code): \(refusal)")
        try require(refusal.message.contains(name), "the message does not name it: \(refusal)")
        try require(FileBytes.read(file) == before, "the file is not left as it was")
    }

    /// Files that are not as a store left them.
    static let damage: [StoreCase] = [
        StoreCase("a file of another program is named and left alone", needs: [.files]) { trial in
            try refuse(trial, [.corrupt, .unsupported]) { file in
                FileBytes.write(Array("This is a letter to a friend, and no store at all.\n".utf8), to: file)
            }
        },
        StoreCase("a file of random bytes is named and left alone", needs: [.files]) { trial in
            var random = SeededGenerator(seed: 5)
            let bytes = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
            try refuse(trial, [.corrupt, .unsupported]) { file in FileBytes.write(bytes, to: file) }
        },
        StoreCase("a file of zeros is named and left alone", needs: [.files]) { trial in
            try refuse(trial, [.corrupt, .unsupported]) { file in
                FileBytes.write([UInt8](repeating: 0, count: 40_000), to: file)
            }
        },
        StoreCase("of a file that ends early all is there, or it is named and left alone", needs: [.files]) { trial in
            let name = try filled(trial)
            let file = trial.mainFile(name)
            let whole = FileBytes.read(file) ?? []
            for part in 1..<8 {
                let kept = Array(whole.prefix(whole.count * part / 8))
                FileBytes.write(kept, to: file)
                switch Result(catching: { () throws(StoreError) in try trial.open(name) }) {
                case .success(let store):
                    try require(try store.pairs() == ninetyNine, "of \(part) eighths something is missing")
                    try store.close()
                case .failure(let error):
                    try require([.corrupt, .unsupported].contains(error.code), "got \(error.code): \(error)")
                    try require(FileBytes.read(file) == kept, "the file is not left as it was")
                }
                FileBytes.write(whole, to: file)
            }
        },
        StoreCase("an empty file where there was a store is named and left alone", needs: [.files]) { trial in
            try refuse(trial, [.corrupt, .unsupported]) { file in FileBytes.write([], to: file) }
        },
        StoreCase("a file that is gone is missed", needs: [.files]) { trial in
            try refuse(trial, [.corrupt, .notFound]) { file in unlink(file) }
        },
        StoreCase("a store of a later format is named and left alone", needs: [.files]) { trial in
            let name = trial.newName()
            try trial.open(name).close()
            guard let makeNewer = trial.subject.makeNewer else {
                throw Violation(description: "nobody has said how to make one")
            }
            try makeNewer(trial.path(name))
            let before = FileBytes.read(trial.mainFile(name))
            let error = try requireError(.unsupported) { () throws(StoreError) in _ = try trial.open(name) }
            try require(error.message.contains(name), "the message does not name it: \(error)")
            try require(FileBytes.read(trial.mainFile(name)) == before, "the file is not left as it was")
        },
    ]
}

/// All of a file at once.
public enum FileBytes {
    /// What a file holds; nil if there is none.
    public static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (bytes, part) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            guard count > 0 else { return bytes }
            bytes += part.prefix(count)
        }
    }

    /// Has a file hold these bytes only.
    public static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "cannot write \(path)")
        defer { close(descriptor) }
        precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "cannot write \(path)")
    }
}
