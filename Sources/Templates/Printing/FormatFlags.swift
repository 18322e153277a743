/// The flags, width and precision of a verb of `printf`.
struct FormatFlags {
    var plus = false
    var minus = false
    var sharp = false
    var space = false
    var zero = false

    /// `%+v`: names of fields are shown.
    var plusV = false

    /// `%#v`: values are shown as Go source.
    var sharpV = false

    var width: Int?
    var precision: Int?
}

/// Formats values as Go's `fmt` does.
///
/// Text beyond the limit is dropped, and ``isOverLimit`` tells that there was some.
struct Printer {
    var flags = FormatFlags()
    private(set) var bytes: [UInt8] = []
    private(set) var isOverLimit = false

    /// How deep the values being printed lie in each other.
    var depth = 0

    /// How many values were printed.
    var steps = 0

    let limits: TemplateLimits

    init(limits: TemplateLimits) {
        self.limits = limits
    }

    /// The text so far.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ text: some Collection<UInt8>) {
        guard bytes.count + text.count <= limits.output else {
            isOverLimit = true
            return
        }
        bytes += text
    }

    mutating func write(_ text: String) {
        write(text.utf8)
    }

    /// Text filled up to the width: with zeros in front if the flags say so, with spaces in front or behind.
    mutating func pad(_ text: String, zeros: Bool? = nil) {
        let missing = max(0, (flags.width ?? 0) - text.unicodeScalars.count)
        let fill = padding(missing, zeros: zeros ?? flags.zero)
        flags.minus ? write(text) : write(fill)
        flags.minus ? write(fill) : write(text)
    }

    /// Spaces or zeros; zeros never stand behind.
    func padding(_ count: Int, zeros: Bool) -> String {
        String(repeating: zeros && !flags.minus ? "0" : " ", count: max(0, count))
    }

    /// Marks the value as too deep or too long, which the one who prints finds out at the end.
    mutating func overflow() {
        isOverLimit = true
    }
}

extension TemplateContext {
    /// What a printer writes, with the steps that it takes.
    mutating func printed(_ print: (inout Printer) -> Void) throws(TemplateFailure) -> String {
        var printer = Printer(limits: limits)
        print(&printer)
        try spend(printer.steps)
        guard !printer.isOverLimit else {
            throw TemplateFailure("exceeded maximum size of output (\(limits.output) bytes)", limit: .output)
        }
        return printer.text
    }
}

extension Execution {
    /// Writes what an action shows of a value.
    mutating func show(_ value: TemplateValue) throws(TemplateFailure) {
        switch value {
        case .missing, .nil: try write("<no value>".utf8)
        case .string(let text): try write(text.utf8)
        default: try write(try text(of: value).utf8)
        }
    }

    /// The text of a value as `%v` gives it.
    mutating func text(of value: TemplateValue) throws(TemplateFailure) -> String {
        try context.printed { $0.print(shown: value) }
    }
}
