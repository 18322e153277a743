/// What tokens of machines carry (C §11.3).
public enum MachineClaims {
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
            Claim("jobs", "create", "*"),
            Claim("jobs", "get,update,actions,action,log", uuid),
        ]
        if let address { claims.append(Claim("reservations", "create,get,update", address)) }
        return claims
    }

    /// The rights of a machine that has not been seen before: to make itself known.
    public static let discovery = [Claim("machines", "create,get", "*"), Claim("machines", "whoami", "*")]
}
