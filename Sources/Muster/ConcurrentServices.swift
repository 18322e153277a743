import ServiceLifecycle

/// Services that start and stop side by side, so that none waits for the clients of another.
struct ConcurrentServices: Service {
    private let services: [any Service]

    init(_ services: [any Service]) { self.services = services }

    /// Runs all until they end; the first that fails ends the others.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            // Leaves with the first failure, which `waitForAll` would not.
            for try await _ in group {}
        }
    }
}
