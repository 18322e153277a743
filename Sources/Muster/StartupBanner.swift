import Access
import Glibc
import Provisioning

/// What someone who has just started a server wants to know.
struct StartupBanner {
    /// Where the server listens.
    let host: String
    let port: Int
    let usesTLS: Bool
    /// Whether the first user has the password that everybody can look up; no other is shown.
    let isPasswordKnown: Bool

    /// The host as a URL has it; where the server listens on all addresses, one that reaches it from here.
    private var address: String {
        if ["0.0.0.0", "::"].contains(host) { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// Writes it to standard output.
    func show() {
        let url = "\(usesTLS ? "https" : "http")://\(address):\(port)/api/v3"
        let name = DefaultUser.name
        let login = isPasswordKnown ? "\(name) / \(DefaultUser.password)" : "\(name), with the password you gave it"
        // Without a password in its arguments, curl asks for it.
        let user = isPasswordKnown ? "\(name):\(DefaultUser.password)" : name
        let change = "\(url)/users/\(name)/password"
        let warning = """

              EVERYBODY KNOWS THIS PASSWORD. Change it before anybody else can reach this server:
                      curl -ks -u \(user) -X PUT -H 'Content-Type: application/json' -d '{"Password":"…"}' \(change)
            """
        FileHandleOutput.standardOutput(
            """

            Muster is running.
              API:    \(url)
              Login:  \(login)
              Try:    curl -ks -u \(user) \(url)/info
              Stop:   Ctrl-C
            \(isPasswordKnown ? warning : "")

            """)
    }
}

/// Text for the people at the terminal; logs go through the logger.
enum FileHandleOutput {
    static func standardOutput(_ text: String) { write(text, STDOUT_FILENO) }
    static func standardError(_ text: String) { write(text, STDERR_FILENO) }

    private static func write(_ text: String, _ descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written <= 0 { return }
            rest = rest.dropFirst(written)
        }
    }
}
