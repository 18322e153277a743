import Glibc

/// Results on standard output, for the script to read.
enum Report {
    static func number(_ value: Double) { text("\(value)\n") }

    static func text(_ text: String) {
        fputs(text, stdout)
        fflush(stdout)
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
