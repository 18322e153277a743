import JSON
import Tracker

/// What a token says, before or after it is signed.
struct Token: Sendable, Hashable {
    /// Whose rights it carries.
    var subject: Principal.Subject
    /// The user who asked for it; empty for the server.
    var grantor: String
    /// When it ends, in seconds since 1970.
    var expiry: Int64
    /// The roles it is narrowed to; nil if it carries all that its user has.
    var roles: [String]?
    /// Rights that it carries itself, beside roles.
    var claims: [Claim]
    /// What it is narrowed to, whatever the roles and claims say.
    var restrictions: [Claim]
    /// Fingerprint of the secrets whose change makes it void.
    var seal: String

    /// The payload of the signed text.
    var payload: [UInt8] {
        var object: JSONObject = [
            "sub": .string(subject.description), "iss": .string(grantor), "exp": JSONValue(Int(expiry)),
            "seal": .string(seal),
        ]
        if let roles { object["roles"] = JSONValue(roles) }
        if !claims.isEmpty { object["claims"] = .array(claims.map(\.value)) }
        if !restrictions.isEmpty { object["only"] = .array(restrictions.map(\.value)) }
        return JSONDocument(.object(object)).bytes
    }

    /// A token of its parts.
    init(
        _ subject: Principal.Subject, grantor: String, expiry: Int64, roles: [String]?, claims: [Claim],
        restrictions: [Claim], seal: String
    ) {
        self.subject = subject
        self.grantor = grantor
        self.expiry = expiry
        self.roles = roles
        self.claims = claims
        self.restrictions = restrictions
        self.seal = seal
    }

    /// The token of a payload; nil if it is not one that ``payload`` made.
    init?(payload: [UInt8]) {
        guard let document = try? JSONDocument(parsing: payload), let object = document.value().objectValue,
            let subject = object["sub"]?.stringValue, let grantor = object["iss"]?.stringValue,
            let expiry = object["exp"]?.intValue, let seal = object["seal"]?.stringValue
        else { return nil }
        self.init(
            Principal.Subject(subject), grantor: grantor, expiry: Int64(expiry),
            roles: object["roles"].map { _ in object.texts("roles") }, claims: Claim.list(object["claims"]),
            restrictions: Claim.list(object["only"]), seal: seal)
    }
}
