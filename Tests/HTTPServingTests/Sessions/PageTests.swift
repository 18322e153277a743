import HTTPTypes
import Testing

@testable import HTTPServing

@Suite struct `Pages and cookies` {
    @Test func `texts in a page are no markup`() {
        let name = "<img src=x onerror='a'>&\""
        let cell: HTML = "<td title=\"\(name)\">\(name)</td>"
        let escaped = "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;"
        #expect(cell.markup == "<td title=\"\(escaped)\">\(escaped)</td>")
        let rows: HTML = "<tr>\([cell, cell])</tr>"
        #expect(rows.markup == "<tr>\(cell.markup)\(cell.markup)</tr>")
    }

    @Test func `a cookie is found among others`() {
        let cookie = SessionCookie("muster", path: "/ui", isSecure: true)
        #expect(cookie.value(in: [.cookie: "a=b; __Host-muster=secret; c=d"]) == "secret")
        #expect(cookie.value(in: [.cookie: "muster=secret; x__Host-muster=1"]) == nil)
        #expect(cookie.value(in: [:]) == nil)
    }

    @Test func `a cookie without TLS is not marked secure`() {
        let cookie = SessionCookie("muster", path: "/ui", isSecure: false)
        #expect(cookie.field("x").value == "muster=x; Path=/ui; HttpOnly; SameSite=Lax")
    }

    @Test func `a cookie is cleared by its own name and path`() {
        let cookie = SessionCookie("muster", path: "/ui", isSecure: true)
        let cleared = "__Host-muster=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
        #expect(cookie.clearing.value == cleared && cookie.clearing.name == .setCookie)
    }
}
