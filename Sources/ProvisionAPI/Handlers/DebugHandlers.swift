import HTTPServing
import HTTPTypes
import JSON
import Tracker

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
