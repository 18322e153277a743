import Basics
import Fleet
import JSON

/// Where OpenStack's identity service is, and as whom the server asks it.
package struct KeystoneSettings: Sendable {
    /// The base of its API: `https://keystone:5000/v3`.
    package let url: String
    /// The name of the user that the server is there.
    package let user: String
    /// That user's password. Never shown.
    package let password: String
    /// The project that the user works for.
    package let project: String
    /// The domain of the user and of the project.
    package let domain: String

    /// A service at `url`, with or without a slash at the end.
    package init(url: String, user: String, password: String, project: String, domain: String) {
        self.url = url.hasByteSuffix("/") ? String(decoding: url.utf8.dropLast(), as: UTF8.self) : url
        (self.user, self.password, self.project, self.domain) = (user, password, project, domain)
    }

    /// The request for a token of the server's own.
    var login: JSONValue {
        let domain: JSONValue = ["name": .string(domain)]
        return [
            "auth": [
                "identity": [
                    "methods": ["password"],
                    "password": [
                        "user": ["name": .string(user), "domain": domain, "password": .string(password)]
                    ],
                ], "scope": ["project": ["name": .string(project), "domain": domain]],
            ]
        ]
    }
}

/// What the identity service says of somebody's token.
struct KeystoneToken: Sendable {
    /// Who it is.
    let caller: FleetCaller
    /// What the project is called.
    let projectName: String
    /// When the token ends.
    let expiry: Timestamp

    /// What an answer to `GET /auth/tokens` says; nil unless it names a user, a project and an end.
    ///
    /// Whoever has the role `admin` is an admin, and root if the project is the one for that (F §2).
    init?(_ answer: JSONValue) {
        guard let token = answer["token"], let expiry = token["expires_at"]?.stringValue,
            let expires = Timestamp(rfc3339: expiry), let name = token["user"]?["name"]?.stringValue,
            let project = token["project"]?["id"]?.stringValue.flatMap(PythonUUID.canonical)
        else { return nil }
        let roles = (token["roles"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        let isAdmin = roles.contains(bytesOf: "admin")
        let isRoot = isAdmin && token["is_admin_project"]?.boolValue == true
        caller = FleetCaller(
            name: name, project: project, level: isRoot ? .root : isAdmin ? .admin : .plain,
            roles: Set(roles.map { Identifier($0) }))
        projectName = token["project"]?["name"]?.stringValue ?? project
        self.expiry = expires
    }

    /// The same, remembered until `end`.
    func ending(_ end: Timestamp) -> KeystoneToken {
        KeystoneToken(caller: caller, projectName: projectName, expiry: end)
    }

    private init(caller: FleetCaller, projectName: String, expiry: Timestamp) {
        (self.caller, self.projectName, self.expiry) = (caller, projectName, expiry)
    }
}
