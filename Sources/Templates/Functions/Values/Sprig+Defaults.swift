import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for defaults, types and failing.
    static let sprigDefaults: [Identifier: TemplateFunction] = [
        "default": .of(.any, variadic: .any, isInterface: true) { values, _ throws(TemplateFailure) in
            values.count < 2 || values[1].isEmpty ? values[0] : values[1]
        },
        "empty": .of(.any) { values, _ throws(TemplateFailure) in .bool(values[0].isEmpty) },
        "coalesce": .of(variadic: .any, isInterface: true) { values, _ throws(TemplateFailure) in
            values.first { !$0.isEmpty } ?? .nil
        },
        "all": .of(variadic: .any) { values, _ throws(TemplateFailure) in .bool(values.allSatisfy { !$0.isEmpty }) },
        "any": .of(variadic: .any) { values, _ throws(TemplateFailure) in .bool(values.contains { !$0.isEmpty }) },
        "ternary": .of(.any, .any, .bool, isInterface: true) { values, _ throws(TemplateFailure) in
            values[values[2].flag ? 0 : 1]
        },
        "fail": .of(.string) { values, _ throws(TemplateFailure) in throw TemplateFailure(values[0].string) },
        "typeOf": .of(.any) { values, _ throws(TemplateFailure) in .string(typeName(values[0])) },
        "typeIs": .of(.string, .any) { values, _ throws(TemplateFailure) in
            .bool(values[0].string.hasSameUTF8(as: typeName(values[1])))
        },
        "typeIsLike": .of(.string, .any) { values, _ throws(TemplateFailure) in
            let name = typeName(values[1])
            return .bool(values[0].string.hasSameUTF8(as: name) || "*\(values[0].string)".hasSameUTF8(as: name))
        },
        "kindOf": .of(.any) { values, _ throws(TemplateFailure) in .string(values[0].kind) },
        "kindIs": .of(.string, .any) { values, _ throws(TemplateFailure) in
            .bool(values[0].string.hasSameUTF8(as: values[1].kind))
        },
        "deepEqual": .of(.any, .any) { values, context throws(TemplateFailure) in
            .bool(try context.isSame(values[0], values[1]))
        },
        "getHostByName": .of(.string) { values, _ throws(TemplateFailure) in
            throw TemplateFailure("the server looks up no names of hosts for templates: \(values[0].string)")
        },
    ]

    private static func typeName(_ value: TemplateValue) -> String {
        value.type?.description ?? "<nil>"
    }
}
