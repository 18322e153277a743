import Glibc

/// A thread of the system, for work that blocks or must not wait for what tasks do.
public struct SystemThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` and ends with it.
    ///
    /// - Throws: what the system says, if it has no more threads.
    public init(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        var handle = pthread_t()
        let body = Unmanaged.passRetained(Body(run: body))
        let result = pthread_create(
            &handle, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            throw .system(result, doing: "starting", path: "a thread")
        }
        self.handle = handle
    }

    /// Waits until the thread has ended; to be called once, and not on the thread.
    public func join() { pthread_join(handle, nil) }

    /// Lets the thread end alone; nobody may wait for it then.
    public func detach() { pthread_detach(handle) }
}

/// What a thread runs.
private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
