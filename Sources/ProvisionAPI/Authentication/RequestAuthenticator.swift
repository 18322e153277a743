import Access
import HTTPServing
import HTTPTypes
import Logging
import Tracker

/// Finds out who comes, and keeps a audit of who was let in and who was not.
struct RequestAuthenticator: Sendable {
    let authenticator: Authenticator
    let metrics: ServerMetrics
    /// Whether certificates of clients count.
    let asksForCertificates: Bool

    /// What a client shows to be known: in its request, or else, if the server asks for that, its certificate.
    func credentials(of request: ServerRequest) async -> Credentials? {
        if let credentials = request.credentials(.provision) { return credentials }
        guard asksForCertificates, !request.headers.has(.authorization) else { return nil }
        return await ClientCertificate.user(of: request.source.channel).map { .certificate(user: $0) }
    }

    /// Who shows `credentials`.
    ///
    /// - Parameters:
    ///   - audit: the request, for the log, and the address that it came from.
    /// - Throws: as `Authenticator` does.
    func principal(
        _ credentials: Credentials?, in snapshot: Snapshot, _ audit: AuditLog
    ) async throws(AccessError) -> Principal {
        do throws(AccessError) {
            switch credentials {
            case nil: throw .missingCredentials
            case .token(let token): return try authenticator.principal(bearer: token, in: snapshot)
            case .certificate(let user): return try authenticator.principal(certified: user, in: snapshot)
            case .password(let user, let password):
                let login = try await authenticator.login(
                    user, password: password, address: audit.address, in: snapshot)
                if login.isNew { granted(login.principal, audit) }
                return login.principal
            }
        } catch {
            refused(error, credentials, audit)
            throw error
        }
    }

    /// Who shows `credentials`, if that can be told without waiting: nil for a password that was not found right a moment ago.
    ///
    /// - Throws: as `principal` does.
    func knownPrincipal(
        _ credentials: Credentials, in snapshot: Snapshot, _ audit: AuditLog
    ) throws(AccessError) -> Principal? {
        switch credentials {
        case .password(let user, let password):
            return authenticator.remembered(user, password: password, address: audit.address, in: snapshot)
        case .certificate: return nil
        case .token(let token):
            do throws(AccessError) {
                return try authenticator.principal(bearer: token, in: snapshot)
            } catch {
                refused(error, credentials, audit)
                throw error
            }
        }
    }

    private func granted(_ principal: Principal, _ audit: AuditLog) {
        metrics.count(login: .password, .granted)
        audit.log(.info, "login", ["principal": "\(principal.displayed)"])
    }

    private func refused(_ error: AccessError, _ credentials: Credentials?, _ audit: AuditLog) {
        let isLimited = error.code == .tooManyFailures || error.code == .busy
        metrics.count(login: credentials?.method ?? .none, isLimited ? .limited : .refused)
        var metadata: Logger.Metadata = ["reason": "\(error.messages.first ?? "")"]
        if let user = credentials?.user { metadata["principal"] = "user:\(AuditLog.printable(user))" }
        audit.log(.notice, "login refused", metadata)
    }
}

extension Credentials {
    /// How they make somebody known.
    fileprivate var method: ServerMetrics.Method {
        switch self {
        case .password: .password
        case .token: .token
        case .certificate: .certificate
        }
    }

    /// Whom they say to be; a token's text says it to nobody but us.
    fileprivate var user: String? {
        switch self {
        case .password(let user, _), .certificate(let user): user
        case .token: nil
        }
    }
}
