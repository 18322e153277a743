import Access
import Basics
import HTTPServing
import HTTPTypes
import Logging
import Tracker

/// How somebody comes in and leaves.
extension WebConsole {
    var loginRoutes: [Route<ConsoleVisit>] {
        [
            Route(
                .get, "/login", .nothing, inputs: RouteInputs(arguments: ["next"]),
                immediate: { context in
                    .answer(loginPage(next: context.query["next"] ?? "", refusal: nil))
                }),
            Route(.post, "/login", .nothing, body: .form, login),
            Route(.post, "/logout", .user, body: .form, immediate: logout),
        ]
    }

    @Sendable private func login(_ context: ConsoleContext) async throws -> Answer {
        // There is no session yet whose token another site could not know, so what the browser says has to do.
        if CrossSiteCheck.isFromElsewhere(context.request.head) {
            throw ConsoleRefusal.refused(403, ["The login is refused, since another site sent it"])
        }
        let (form, audit) = (context.form, AuditLog(logger: context.logger, id: context.id, address: context.address))
        let (user, next) = (form["user"] ?? "", form["next"] ?? "")
        do throws(AccessError) {
            let snapshot = context.session.snapshot
            let (principal, _) = try await authenticator.login(
                user, password: form["password"] ?? "", address: context.address, in: snapshot)
            let token = try authenticator.issueToken(
                TokenRequest(principal.subject, grantor: user, lifetime: Self.longestSession), in: snapshot)
            let session = sessions.begin(token)
            metrics.count(login: .password, .granted)
            audit.log(.info, "login", ["principal": "\(principal.displayed)"])
            return .seeOther(Self.place(next), [cookie.field(session.id)])
        } catch {
            let isLimited = error.code == .tooManyFailures || error.code == .busy
            metrics.count(login: .password, isLimited ? .limited : .refused)
            audit.log(
                .notice, "login refused",
                ["principal": "user:\(AuditLog.printable(user))", "reason": "\(error.messages.first ?? "")"])
            let reason = isLimited ? "Too many attempts: wait a little" : "User and password do not fit together"
            return loginPage(next: next, refusal: reason)
        }
    }

    @Sendable private func logout(_ context: ConsoleContext) throws -> Reply {
        guard let session = context.session.session else { return .answer(.seeOther("/ui/login")) }
        try CrossSiteCheck.demand(
            context.request.head, shown: context.form[CrossSiteCheck.fieldName], session.formToken)
        sessions.end(session.id)
        return .answer(.seeOther("/ui/login", [cookie.clearing]))
    }

    private func loginPage(next: String, refusal: String?) -> Answer {
        let complaint: HTML = refusal.map { "<p class=\"refusal\">\($0)</p>" } ?? ""
        let form: HTML = """
            \(complaint)<form method="post" action="/ui/login">
            <input type="hidden" name="next" value="\(next)">
            <label>User <input name="user" autocomplete="username" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <button>Log in</button>
            </form>
            """
        return .page(PageFrame(title: title).page("Log in", form), status: refusal == nil ? .ok : .unauthorized)
    }

    /// Where to go on after the login: a page of the console, whatever the form says.
    private static func place(_ next: String) -> String {
        let base = ConsoleVisit.basePath
        let isOurs = next.hasBytePrefix(base + "/") || next.hasBytePrefix(base + "?")
        let isPlain = next.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        return isOurs && isPlain ? next : base
    }
}
