public import Basics
import Synchronization

/// A file that is fetched from elsewhere while it is read here: who reads waits for the bytes that have not come yet.
public final class ArrivingFile: Sendable {
    private struct State {
        var received = 0
        var isOver = false
        var waiting: [(count: Int, reader: CheckedContinuation<Void, Never>)] = []

        /// Takes out those whose wait is over.
        mutating func ready() -> [CheckedContinuation<Void, Never>] {
            let ready = waiting.filter { isOver || $0.count <= received }
            waiting.removeAll { isOver || $0.count <= received }
            return ready.map(\.reader)
        }
    }

    /// Where it comes from.
    public let url: String
    /// Its size in bytes, as its server announced it.
    public let size: Int
    /// What has come of it, to be read as far as ``arrival(of:)`` has been waited for.
    public let file: StoredFile

    private let state = Mutex(State())

    init(_ file: StoredFile, size: Int, from url: String) { (self.file, self.size, self.url) = (file, size, url) }

    /// Waits until the first `count` bytes have come.
    ///
    /// - Throws: `ArrivalError` if the download ends before.
    public func arrival(of count: Int) async throws(ArrivalError) {
        await withCheckedContinuation { reader in
            let isReady = state.withLock { state in
                if state.isOver || count <= state.received { return true }
                state.waiting.append((count, reader))
                return false
            }
            if isReady { reader.resume() }
        }
        let received = state.withLock { $0.received }
        if received < count { throw ArrivalError(url: url, received: received, size: size) }
    }

    /// Notes how much of it has come.
    func note(_ received: Int) { change { $0.received = received } }

    /// Ends all waits: nothing more comes.
    func end() { change { $0.isOver = true } }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            return state.ready()
        }
        for reader in ready { reader.resume() }
    }
}

/// A download that ended before the file was whole.
public struct ArrivalError: Error, CustomStringConvertible {
    /// Where the file comes from.
    public let url: String
    /// How many bytes had come.
    public let received: Int
    /// How many bytes were announced.
    public let size: Int

    /// What happened.
    public var description: String { "\(url) broke off after \(received) of \(size) bytes: ask again" }
}
