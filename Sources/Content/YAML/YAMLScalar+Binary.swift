import Basics

extension YAMLScalar {
    /// The text that base64 stands for; line breaks in it do not count.
    static func decoded(_ text: String) throws(Mismatch) -> String {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let bytes = Base64.decode(digits) else {
            throw Mismatch(reason: "!!binary value contains invalid base64 data")
        }
        return String(goBytes: bytes)
    }
}

extension String {
    /// The text of bytes as Go writes it to JSON: each byte that belongs to no character becomes U+FFFD.
    init(goBytes bytes: some Sequence<UInt8>) {
        var (iterator, parser, text) = (bytes.makeIterator(), Unicode.UTF8.ForwardParser(), String.UnicodeScalarView())
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): text.append(Unicode.UTF8.decode(scalar))
            case .error(let length): text.append(contentsOf: repeatElement("\u{FFFD}", count: length))
            case .emptyInput:
                self = String(text)
                return
            }
        }
    }
}
