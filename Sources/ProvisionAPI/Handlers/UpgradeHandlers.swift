import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What clients ask about an exchange of the server's own program (C §13, §21). That is the package manager's business, which
/// knows what it installed: uploads are refused before they are read, and nothing is ever staged.
enum UpgradeHandlers {
    static var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: "system", action: "upgrade")
        let refused = ["", "/stage", "/exec", "/run"].map { step in
            Route(.post, "/system/upgrade\(step)", requirement) { call in throw refusal(call) }
        }
        return refused + [
            Route(.get, "/system/upgrade/status", requirement, status),
            // What is not staged need not be taken away.
            Route(.delete, "/system/upgrade/stage", requirement) { _ in .noContent },
        ]
    }

    private static func refusal(_ call: RequestContext) -> APIError {
        let version = call.services.configuration.version
        return APIError(
            501, APIError.type(of: call.method), of: "system", key: "upgrade",
            [
                "This server does not exchange its own program",
                "Install the new package with the package manager of its host (apt, dnf), which restarts the service: "
                    + "\(version) is running",
            ])
    }

    /// The profile that clients read the progress of an upgrade from.
    private static func status(_ call: RequestContext) -> Answer {
        .json([
            "Name": "upgrade-status",
            "Description": "No upgrade is staged or running: packages are the package manager's",
            "Documentation": "", "Profiles": [], "Meta": [:], "Endpoint": "", "Bundle": "", "Partial": false,
            "Params": [
                "upgrade/staged": false, "upgrade/running": false,
                "upgrade/version": .string(call.services.configuration.version),
            ],
            "Validated": true, "Available": true, "Errors": [], "ReadOnly": true,
        ])
    }
}

/// The profiles of a Go program that clients ask for (C §13): this is none, so it is said what tells of its inside instead.
enum DebugHandlers {
    static var routes: [Route] {
        ["/drp_debug/{name}/{prefix...}", "/drp_debug/{name}", "/debug/{name...}"].map { path in
            Route(.get, path, .claim(scope: "system", action: "upgrade")) { call in
                throw APIError(
                    501, APIError.type(of: call.method), of: "debug", key: call["name"],
                    [
                        "This server has no profile `\(call["name"])`",
                        "GET /system/check compares all that is kept in more than one form, GET /logs has the last lines of the "
                            + "log, and the port for metrics tells of times and counts",
                    ])
            }
        }
    }
}
