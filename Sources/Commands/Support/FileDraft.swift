import Client
import Glibc
import Store
import Synchronization

/// What is to be done when somebody presses Ctrl-C.
enum Interruption {
    /// Where the path is of the file that has no name of its own yet; 0 for none. The handler takes it away.
    fileprivate static let draft = Atomic(0)

    /// Has a signal that ends the process take away what would be left behind.
    static func prepare() {
        // Whoever handles a signal finds it made.
        draft.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            var present = sigaction()
            sigaction(number, nil, &present)
            // Whoever started us in the background may have had signals of the terminal ignored.
            if unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
            signal(number) { number in
                if let path = UnsafePointer<CChar>(bitPattern: Interruption.draft.load(ordering: .acquiring)) {
                    unlink(path)
                }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }
}

/// A file that is written under another name first, so that there is never half of it. Whoever lets go of it before its end
/// leaves nothing of it. All of it blocks.
final class FileDraft: Sendable {
    private let path: String
    private let draft: String
    private let descriptor: Int32
    private let isFinished = Atomic(false)

    /// Begins a file.
    ///
    /// - Parameter path: the name that it gets in the end.
    /// - Throws: `ClientError` of kind `usage` if it cannot be made there.
    @available(*, noasync)
    init(_ path: String) throws(ClientError) {
        let draft = "\(path).new-\(getpid())"
        Interruption.draft.store(Int(bitPattern: strdup(draft)), ordering: .releasing)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw LocalFile.failure("write", path) }
        (self.path, self.draft, self.descriptor) = (path, draft, descriptor)
    }

    deinit {
        close(descriptor)
        if !isFinished.load(ordering: .relaxed) { unlink(draft) }
        // Its memory is not given back: a handler may be about to read it.
        Interruption.draft.store(0, ordering: .releasing)
    }

    /// Adds bytes.
    ///
    /// - Throws: `ClientError` of kind `usage` if they cannot be written.
    @available(*, noasync)
    func write(_ bytes: [UInt8]) throws(ClientError) {
        guard PlainFile.write(bytes, to: descriptor) else { throw LocalFile.failure("write", path) }
    }

    /// Gives the file its name, in place of what had that.
    ///
    /// - Throws: `ClientError` of kind `usage` if that cannot be.
    @available(*, noasync)
    func finish() throws(ClientError) {
        guard rename(draft, path) == 0 else { throw LocalFile.failure("write", path) }
        isFinished.store(true, ordering: .relaxed)
    }
}
