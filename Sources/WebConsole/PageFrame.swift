import HTTPServing

/// What all pages have around their own: a head, who is logged in, and how to leave.
struct PageFrame {
    /// What the server calls itself.
    let title: String
    /// Who is logged in; nil if nobody.
    var user: String?
    /// What the session's forms send back.
    var formToken: String?

    /// A whole page.
    func page(_ heading: String, _ body: HTML) -> HTML {
        """
        <html lang="en"><head><meta charset="utf-8"><title>\(heading) – \(title)</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="stylesheet" href="/ui/assets/\(ConsoleStyle.sheet.name)"></head>
        <body><header><a href="/ui">\(title)</a>\(leaving)</header>
        <main><h1>\(heading)</h1>
        \(body)
        </main></body></html>

        """
    }

    private var leaving: HTML {
        guard let user, let formToken else { return "" }
        return """
            <form method="post" action="/ui/logout"><input type="hidden" name="\(CrossSiteCheck.fieldName)" \
            value="\(formToken)"><button>Log out, \(user)</button></form>
            """
    }
}

/// How pages look.
enum ConsoleStyle {
    static let sheet = Asset(
        "console.css", type: "text/css; charset=utf-8",
        """
        body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1c2733; background: #fff; }
        header { display: flex; justify-content: space-between; padding: .6rem 1.2rem; background: #22303f; }
        header a { color: #fff; font-weight: 600; text-decoration: none; }
        main { padding: 0 1.2rem 2rem; }
        table { border-collapse: collapse; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid #d8dee5; }
        .number { text-align: right; }
        pre { overflow-x: auto; padding: .8rem; background: #f3f5f7; }
        label { display: block; margin: .6rem 0; }
        .refusal { color: #a11; }
        @media (prefers-color-scheme: dark) {
          body { color: #d9e1e8; background: #151b22; }
          pre { background: #1f2831; }
          a { color: #7db8f0; }
          th, td { border-color: #36424e; }
          .refusal { color: #f88; }
        }

        """)
}
