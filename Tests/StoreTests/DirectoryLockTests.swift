import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Store

@Suite struct DirectoryLockTests {
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    @Test func `being refused a lock closes no file of anybody else`() async throws {
        let directory = TemporaryDirectory()
        let path = directory.path
        let lock = try DirectoryLock(path, isReadOnly: false)
        let over = Flag()
        async let stolen = Self.openAndClose(until: over)
        for _ in 0..<20_000 {
            #expect(throws: StoreError.self) { try DirectoryLock(path, isReadOnly: false) }
        }
        over.isSet.store(true, ordering: .relaxed)
        #expect(await stolen == 0)
        withExtendedLifetime((directory, lock)) {}
    }

    @Test func `a lock is free once it is let go, though a forked child has the file yet`() throws {
        let directory = TemporaryDirectory()
        var lock: DirectoryLock? = try DirectoryLock(directory.path, isReadOnly: false)
        // What a child inherits is what `dup` gives.
        let inherited = dup(try #require(lock?.descriptor))
        defer { close(inherited) }
        lock = nil
        lock = try DirectoryLock(directory.path, isReadOnly: false)
        withExtendedLifetime((directory, lock)) {}
    }

    /// How many files, opened and closed again and again, somebody else had closed.
    @concurrent private static func openAndClose(until over: Flag) async -> Int {
        var stolen = 0
        while !over.isSet.load(ordering: .relaxed) {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            if close(descriptor) != 0 { stolen += 1 }
        }
        return stolen
    }
}
