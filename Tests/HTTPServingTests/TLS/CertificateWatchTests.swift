import Basics
import BasicsTesting
import Logging
import Synchronization
import Testing

@testable import HTTPServing

@Suite struct CertificateWatchTests {
    private let clock = ManualClock()

    /// Runs `body` while what `source` gives is watched.
    private func watching(
        _ source: @escaping @Sendable () throws -> TLSIdentity, _ body: (CertificateProvider) async throws -> Void
    ) async throws {
        let provider = try CertificateProvider(Self.first) { _ in }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let watch = CertificateWatch(provider, metadata: [:], clock: clock, logger: logger, read: source)
        let running = Task { try await watch.run() }
        try await body(provider)
        running.cancel()
        try await running.value
    }

    /// Has it look once, and waits until it has.
    private func look() async {
        await clock.untilSleeping(1)
        clock.advance(by: CertificateWatch.pause)
        await clock.untilSleeping(1)
    }

    @Test func `another certificate is shown after the next look`() async throws {
        try await watching({ Self.second }) { provider in
            await clock.untilSleeping(1)
            clock.advance(by: CertificateWatch.pause / 2)
            #expect(provider.certificate == Self.first.certificate)
            await look()
            #expect(provider.certificate == Self.second.certificate)
        }
    }

    @Test func `a key that does not fit changes nothing until its certificate is there too`() async throws {
        let torn = TLSIdentity(certificate: Self.first.certificate, key: Self.second.key)
        let source = Source(identities: [torn, Self.second])
        try await watching({ try source.read() }) { provider in
            await look()
            #expect(provider.certificate == Self.first.certificate)
            await look()
            #expect(provider.certificate == Self.second.certificate)
        }
    }

    @Test func `what cannot be read at present is read again`() async throws {
        let source = Source(identities: [Self.second], failures: 2)
        try await watching({ try source.read() }) { provider in
            for _ in 0..<2 {
                await look()
                #expect(provider.certificate == Self.first.certificate)
            }
            await look()
            #expect(provider.certificate == Self.second.certificate)
        }
    }

    private static let first = TLSIdentity(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBejCCASGgAwIBAgIUcj7cPnxMfOx1VuRmC/R9KkvLqxswCgYIKoZIzj0EAwIw
            EjEQMA4GA1UEAwwHc2VydmVyMTAgFw0yNjExMjkwMTE3MDVaGA8yMTI2MTEwNTAx
            MTcwNVowEjEQMA4GA1UEAwwHc2VydmVyMTBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABGBiPKJGfnllJmKsrM7n9T+Cl3T14IPBDB7C5QDkOURiP03POEfXIYHcX6g7
            9wdTwDKIbaDwIYEBjuCtuVFlRqyjUzBRMB0GA1UdDgQWBBQ+UnqZQHnXqyX9bERm
            k7YX+nxFUDAfBgNVHSMEGDAWgBQ+UnqZQHnXqyX9bERmk7YX+nxFUDAPBgNVHRMB
            Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIESUFLvYVbbPDSuM2Ri3oUMUqkzQ
            hjKhU8Ux7OsVpxntAiBBoKBRSZhqHvK8qKQEGNjQG3L8gUoxZzj4BWtVWzkg8Q==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo68BjvCt4v14TcJC
            a5v71pqhm490RzB/ucMolyIG/YqhRANCAARgYjyiRn55ZSZirKzO5/U/gpd09eCD
            wQwewuUA5DlEYj9NzzhH1yGB3F+oO/cHU8AyiG2g8CGBAY7grblRZUas
            -----END PRIVATE KEY-----
            """)

    private static let second = TLSIdentity(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBejCCASGgAwIBAgIUWdmWcwI+NgglKkpvZkn6jFfT3hEwCgYIKoZIzj0EAwIw
            EjEQMA4GA1UEAwwHc2VydmVyMjAgFw0yNjExMjkwMTE3MDVaGA8yMTI2MTEwNTAx
            MTcwNVowEjEQMA4GA1UEAwwHc2VydmVyMjBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABCup/ESOZZRe2m6fQM+YfVgV7MX5u3H/4eAlUWar5nJ5u3Ib3DqnvwKoTtoI
            eOOoRnojq8MMWUWGRlY6Ptdg8dSjUzBRMB0GA1UdDgQWBBQm28sIGLQMvdMq0OPa
            Faw7dxmPzDAfBgNVHSMEGDAWgBQm28sIGLQMvdMq0OPaFaw7dxmPzDAPBgNVHRMB
            Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBbrisU2ZTcr3L50DsxfXbWFuCct
            oGc9M37NzA0KipUMAiAI3D+Ach7wQpIeF5sFc2zo4fulLptDKmPbdC/U7QLu8A==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMuFnboxZwehuUlb1
            E4YrwGhsYVPgSkHNPYcaQciVTU+hRANCAAQrqfxEjmWUXtpun0DPmH1YFezF+btx
            /+HgJVFmq+ZyebtyG9w6p78CqE7aCHjjqEZ6I6vDDFlFhkZWOj7XYPHU
            -----END PRIVATE KEY-----
            """)
}

/// Identities, one after the other, after some failures.
private final class Source: Sendable {
    private struct Unreadable: Error {}

    private let state: Mutex<(identities: [TLSIdentity], failures: Int)>

    init(identities: [TLSIdentity], failures: Int = 0) { state = Mutex((identities, failures)) }

    func read() throws -> TLSIdentity {
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw Unreadable()
            }
            return state.identities.count > 1 ? state.identities.removeFirst() : state.identities[0]
        }
    }
}
