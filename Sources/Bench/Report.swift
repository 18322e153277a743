import Glibc

/// Results on standard output, for the script to read, and progress on standard error, for people.
enum Report {
    static func number(_ value: Double) { text("\(value)\n") }

    static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func progress(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
