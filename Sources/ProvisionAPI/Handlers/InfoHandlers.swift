import HTTPServing
import HTTPTypes

/// What this server is (C §5.5).
enum InfoHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/info", .claim(scope: "info", action: "get")) {
                .json($0.services.info.value(in: $0.snapshot, $0.readAuthorization()))
            }
        ]
    }
}
