import Access
import Glibc

/// What someone who has just started a server wants to know.
struct Greeting {
    /// Where the server listens.
    let host: String
    let port: Int
    let usesTLS: Bool

    /// The host as a URL has it; where the server listens on all addresses, one that reaches it from here.
    private var address: String {
        if ["0.0.0.0", "::"].contains(host) { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// Writes it to standard output.
    func show() {
        let url = "\(usesTLS ? "https" : "http")://\(address):\(port)/api/v3"
        let login = "\(DefaultUser.name):\(DefaultUser.password)"
        FileHandleOutput.standardOutput(
            """

            Muster is running.
              API:    \(url)
              Login:  \(DefaultUser.name) / \(DefaultUser.password)   (unless you have changed it)
              Try:    curl -ks -u \(login) \(url)/info
              Stop:   Ctrl-C


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
