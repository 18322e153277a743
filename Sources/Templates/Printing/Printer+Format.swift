extension Printer {
    /// Prints operands with spaces between those that are no text, as `print` does.
    mutating func print(_ values: [TemplateValue]) {
        var wasText = true
        for (index, value) in values.enumerated() {
            let isText = if case .string = value { true } else { false }
            if index > 0, !isText, !wasText { write(" ") }
            print(value, "v")
            wasText = isText
        }
    }

    /// Prints operands with spaces between all of them and a line break, as `println` does.
    mutating func printLine(_ values: [TemplateValue]) {
        for (index, value) in values.enumerated() {
            if index > 0 { write(" ") }
            print(value, "v")
        }
        write("\n")
    }

    /// Prints operands as a format tells.
    mutating func print(format: String, _ values: [TemplateValue]) {
        var reader = FormatReader(format: format, values: values)
        while let piece = reader.next() {
            steps += 1
            switch piece {
            case .text(let text): write(text)
            case .verb(let verb, let flags, let value):
                self.flags = flags
                if verb == "v" {
                    self.flags.sharpV = flags.sharp
                    self.flags.plusV = flags.plus
                    self.flags.sharp = false
                    self.flags.plus = false
                }
                verb == "w" ? printBad(value, verb) : print(value, verb)
            }
            if isOverLimit { return }
        }
        flags = FormatFlags()
        guard !reader.isReordered, reader.index < values.count else { return }
        write("%!(EXTRA ")
        for (index, value) in values[reader.index...].enumerated() {
            if index > 0 { write(", ") }
            guard let type = value.type else {
                write("<nil>")
                continue
            }
            write("\(type)=")
            print(value, "v")
        }
        write(")")
    }
}
