import HTTPServing
import HTTPTypes
import JSON

/// The last lines of the log (C §13).
enum LogsHandlers {
    static var routes: [Route] { [Route(.get, "/logs", .claim(scope: "logs", action: "list"), list)] }

    private static func list(_ call: RequestContext) -> Answer { .json(.array(call.services.logs.lines.map(\.value))) }
}
