public import Access
import Basics

/// What tokens of machines carry (C §11.3).
public enum MachineClaims {
    /// What the client on a machine is called in events and logs.
    static let runner = "runner"

    /// The rights of what runs on a known machine: to change the machine itself, read what it needs to work on tasks, keep
    /// its jobs, and hold its address.
    ///
    /// - Parameters:
    ///   - uuid: the machine's.
    ///   - address: its key among reservations; nil while it has no address.
    public static func known(_ uuid: String, address: String? = nil) -> [Claim] {
        let own = "get,update,updateTaskList,getSecure,updateSecure,actions,action,token,whoami"
        var claims = [
            Claim("machines", own, uuid),
            Claim("stages,tasks,templates,params", "get", "*"),
            Claim("info", "get", "*"),
            Claim("jobs", "create,get,update,actions,action,log", uuid),
        ]
        if let address { claims.append(Claim("reservations", "create,get,update", address)) }
        return claims
    }

    /// The rights of a machine that has not been seen before: to make itself known.
    public static let discovery = [Claim("machines", "create,get", "*"), Claim("machines", "whoami", "*")]
}

extension TokenRequest {
    /// What `GET /machines/{key}/token` asks for: a token for what runs on the machine (C §11.3).
    ///
    /// - Parameters:
    ///   - uuid: the machine's.
    ///   - address: its key among reservations, eight hexadecimal digits; nil while it has no address.
    ///   - grantor: who asks.
    ///   - ttl: as of users' tokens.
    /// - Throws: `badDuration`.
    public static func machine(
        _ uuid: String, address: String? = nil, grantor: Principal, ttl: String? = nil
    ) throws(AccessError) -> TokenRequest {
        try agent(
            .machine(uuid), claims: MachineClaims.known(uuid, address: address), grantor: grantor, ttl: ttl)
    }
}

extension Principal.Subject {
    /// What runs on a machine, by the machine's UUID.
    public static func machine(_ uuid: String) -> Principal.Subject { .agent(MachineClaims.runner, uuid) }
}

extension Principal {
    /// The UUID of the machine that it runs on; nil for others.
    public var machine: String? {
        guard case .agent(let kind, let uuid) = subject, kind.hasSameUTF8(as: MachineClaims.runner) else { return nil }
        return uuid
    }
}
