package import HTTPTypes

extension Answer {
    /// An answer with a whole page.
    package static func page(_ page: HTML, status: HTTPResponse.Status = .ok) -> Answer {
        let text = "<!DOCTYPE html>\n" + page.markup
        return Answer(
            status: status, headers: [.contentType: "text/html; charset=utf-8"], body: .array(Array(text.utf8)))
    }

    /// Has a browser get another page, also after a form was sent (RFC 9110 §15.4.4).
    package static func seeOther(_ path: String, _ fields: [HTTPField] = []) -> Answer {
        var answer = Answer(status: .seeOther, headers: [.location: path])
        for field in fields { answer.headers.append(field) }
        return answer
    }
}

extension HeaderPolicy {
    /// For pages: styles, images and forms of this host only, no scripts, shown in no frame, and kept by nobody.
    package static let pages = HeaderPolicy(
        [
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(
                name: .contentSecurityPolicy,
                value: "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                    + "frame-ancestors 'none'"),
            HTTPField(name: .referrerPolicy, value: "same-origin"),
        ], fallbacks: [HTTPField(name: .cacheControl, value: "no-store")])

    /// For the files that pages are made with: browsers may keep them, and ask whether they are still the same.
    package static let assets = HeaderPolicy(
        [HTTPField(name: .xContentTypeOptions, value: "nosniff")],
        fallbacks: [HTTPField(name: .cacheControl, value: "no-cache")])
}
