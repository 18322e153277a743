import Basics
import JSON

extension FunctionTable {
    /// Printing and escaping.
    static let texts: [Identifier: TemplateFunction] = [
        "print": .of(variadic: .any) { values, context throws(TemplateFailure) in
            .string(try context.printed { $0.print(values) })
        },
        "println": .of(variadic: .any) { values, context throws(TemplateFailure) in
            .string(try context.printed { $0.printLine(values) })
        },
        "printf": .of(.string, variadic: .any) { values, context throws(TemplateFailure) in
            guard case .string(let format) = values[0] else { return .missing }
            return .string(try context.printed { $0.print(format: format, Array(values.dropFirst())) })
        },
        "html": .of(variadic: .any) { values, context throws(TemplateFailure) in
            .string(Escaping.html(try shown(values, &context)))
        },
        "js": .of(variadic: .any) { values, context throws(TemplateFailure) in
            .string(Escaping.javaScript(try shown(values, &context)))
        },
        "urlquery": .of(variadic: .any) { values, context throws(TemplateFailure) in
            .string(Escaping.query(try shown(values, &context)))
        },
    ]

    /// The text that escaping begins with; nothing at all is `<no value>` here.
    private static func shown(
        _ values: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> String {
        try context.printed { $0.print(values.map { $0.isNothing ? .string("<no value>") : $0 }) }
    }
}

/// Text made safe for HTML, JavaScript and URLs as Go does it.
enum Escaping {
    static func html(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\0": result += "\u{FFFD}"
            case "\"": result += "&#34;"
            case "'": result += "&#39;"
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func javaScript(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "'", "\"": result += "\\\(scalar)"
            case "<", ">", "&", "=", "\0"..<" ":
                result += "\\u" + GoLiteral.hexadecimal(scalar.value, width: 4, uppercase: true)
            case _ where scalar.isASCII || scalar.isPrintable: result.unicodeScalars.append(scalar)
            default: result += "\\u" + GoLiteral.hexadecimal(scalar.value, width: 4, uppercase: true)
            }
        }
        return result
    }

    /// Percent-encoding of the value of a query; a space becomes a plus sign.
    static func query(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: " "): result.append(UInt8(ascii: "+"))
            default: result += "%\(GoLiteral.hexadecimal(UInt32(byte), width: 2, uppercase: true))".utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
