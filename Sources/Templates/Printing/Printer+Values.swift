extension Printer {
    /// Prints an argument of `print` or `printf`.
    mutating func print(_ value: TemplateValue, _ verb: Unicode.Scalar) {
        switch (value, verb) {
        case (.missing, "T"), (.nil, "T"), (.missing, "v"), (.nil, "v"): pad("<nil>")
        case (.missing, _), (.nil, _): printBad(value, verb)
        case (_, "T"): printText(value.type?.description ?? "", "s")
        case (_, "p"): printBad(value, verb)
        default: printContent(value, verb)
        }
    }

    /// Prints what an action shows: of a pointer what it points at, and nothing that is there as `<no value>`.
    mutating func print(shown value: TemplateValue) {
        switch value {
        case .missing: write("<no value>")
        case .object(let object) where object.text == nil: printFields(of: object, "v")
        default: print(value, "v")
        }
    }

    /// Prints a value for which the verb is not meant.
    mutating func printBad(_ value: TemplateValue, _ verb: Unicode.Scalar) {
        write("%!\(verb)(")
        if let type = value.type {
            write("\(type)=")
            printContent(value, "v")
        } else {
            write("<nil>")
        }
        write(")")
    }

    private mutating func printContent(_ value: TemplateValue, _ verb: Unicode.Scalar) {
        steps += 1
        switch value {
        case .missing, .nil: printNothing(value, verb)
        case .bool(let flag):
            verb == "t" || verb == "v" ? pad("\(flag)", zeros: nil) : printBad(value, verb)
        case .integer(let number, _): printInteger(number.magnitude, isNegative: number < 0, value, verb)
        case .unsigned(let number, _): printInteger(number, isNegative: nil, value, verb)
        case .float(let number): printFloat(number, value, verb)
        case .complex(let number): printComplex(number, value, verb)
        case .string(let text): printString(text, value, verb)
        case .list(let list): printList(list, verb)
        case .map(let map): printMap(map, verb)
        case .object(let object): printObject(object, value, verb)
        }
    }

    /// An interface without a value, inside of another value.
    private mutating func printNothing(_ value: TemplateValue, _ verb: Unicode.Scalar) {
        write(flags.sharpV ? "interface {}(nil)" : "<nil>")
    }

    /// Goes into the elements of a value, unless they lie too deep.
    private mutating func nested(_ body: (inout Printer) -> Void) {
        depth += 1
        if depth > limits.depth || isOverLimit { overflow() } else { body(&self) }
        depth -= 1
    }

    private var separator: String { flags.sharpV ? ", " : " " }

    private mutating func printList(_ list: TemplateList, _ verb: Unicode.Scalar) {
        if list.element == .unsigned(.uint8), "sqxX".unicodeScalars.contains(verb) {
            return printString(list.text, .list(list), verb)
        }
        guard !list.isNil || !flags.sharpV else { return write("[]\(list.element)(nil)") }
        write(flags.sharpV ? "[]\(list.element){" : "[")
        nested { printer in
            for (index, element) in list.elements.enumerated() {
                if index > 0 { printer.write(printer.separator) }
                printer.printContent(element, verb)
            }
        }
        write(flags.sharpV ? "}" : "]")
    }

    private mutating func printMap(_ map: TemplateMap, _ verb: Unicode.Scalar) {
        guard !map.isNil || !flags.sharpV else { return write("map[string]\(map.element)(nil)") }
        write(flags.sharpV ? "map[string]\(map.element){" : "map[")
        nested { printer in
            for (index, (key, value)) in map.sorted.enumerated() {
                if index > 0 { printer.write(printer.separator) }
                printer.printContent(.string(key), verb)
                printer.write(":")
                printer.printContent(value, verb)
            }
        }
        write(flags.sharpV ? "}" : "]")
    }

    private mutating func printObject(
        _ object: any TemplateObject, _ value: TemplateValue, _ verb: Unicode.Scalar
    ) {
        if let text = object.text, !flags.sharpV, "vsxXq".unicodeScalars.contains(verb) {
            return printString(text, value, verb)
        }
        if depth == 0, object.typeName.utf8.first == UInt8(ascii: "*") { write("&") }
        printFields(of: object, verb)
    }

    private mutating func printFields(of object: any TemplateObject, _ verb: Unicode.Scalar) {
        if flags.sharpV { write(String(object.typeName.drop { $0 == "*" })) }
        write("{")
        nested { printer in
            for (index, name) in object.fieldNames.enumerated() {
                if index > 0 { printer.write(printer.separator) }
                if printer.flags.plusV || printer.flags.sharpV { printer.write("\(name):") }
                guard case .field(let value, _)? = object.member(name) else { continue }
                printer.printContent(value, verb)
            }
        }
        write("}")
    }
}

extension TemplateList {
    /// The text whose bytes the elements are.
    var text: String {
        let bytes = elements.map { element in
            if case .unsigned(let byte, _) = element { UInt8(truncatingIfNeeded: byte) } else { UInt8(0) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
