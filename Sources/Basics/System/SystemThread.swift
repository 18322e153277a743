import Glibc

/// A thread of the system, for work that blocks or must not wait for what tasks do.
public struct SystemThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body` and ends with it.
    ///
    /// - Parameter isBackground: whether others that become ready go before it. Otherwise whoever is woken on its processor
    ///   waits until it has had its turn, even if another processor is idle.
    /// - Throws: what the system says, if it has no more threads.
    public init(isBackground: Bool = false, _ body: @escaping @Sendable () -> Void) throws(SystemThreadError) {
        var handle = pthread_t()
        let start = Unmanaged.passRetained(Body(isBackground: isBackground, body: body))
        let result = pthread_create(
            &handle, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw SystemThreadError(number: result)
        }
        self.handle = handle
    }

    /// Waits until the thread has ended; to be called once, and not on the thread.
    public func join() { pthread_join(handle, nil) }

    /// Lets the thread end alone; nobody may wait for it then.
    public func detach() { pthread_detach(handle) }
}

/// Why the system starts no thread.
public struct SystemThreadError: Error, CustomStringConvertible {
    /// The error that `pthread_create` gave: a value of `errno`.
    public let number: Int32

    /// The reason in the system's words.
    public var description: String { "no thread can be started: \(String(cString: strerror(number)))" }
}

/// What a thread runs.
private final class Body: Sendable {
    private let isBackground: Bool
    private let body: @Sendable () -> Void

    init(isBackground: Bool, body: @escaping @Sendable () -> Void) {
        self.isBackground = isBackground
        self.body = body
    }

    /// A thread of this niceness gets a tenth of a processor that others want too.
    private static let niceness: Int32 = 10

    func run() {
        // Linux takes it for this thread alone. Where it is refused, the work is done all the same.
        if isBackground { setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.niceness) }
        body()
    }
}
