import Glibc

/// Results on standard output, for the script to read.
enum Report {
    static func number(_ value: Double) { text("\(value)\n") }

    static func text(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
