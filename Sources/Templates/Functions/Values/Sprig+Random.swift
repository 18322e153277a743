import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for random values; their bytes come from the environment.
    static let sprigRandom: [Identifier: TemplateFunction] = [
        "uuidv4": .of { _, context throws(TemplateFailure) in .string(context.environment.uuid()) },
        "randAlphaNum": text(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
        "randAlpha": text(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
        "randNumeric": text(of: "0123456789"),
        "randAscii": text(of: String(String.UnicodeScalarView((32...126).map { Unicode.Scalar(UInt8($0)) }))),
        "randBytes": .of(.int) { values, context throws(TemplateFailure) in
            let count = values[0].int
            guard count >= 0 else { throw TemplateFailure("runtime error: makeslice: len out of range") }
            try context.spend(bytes: count)
            return .string(Base64.encode(context.environment.randomBytes(count)))
        },
        "randInt": .of(.int, .int) { values, context throws(TemplateFailure) in
            let (low, high) = (values[0].int, values[1].int)
            guard low < high else { throw TemplateFailure("invalid argument to Intn") }
            var random = ContextGenerator(environment: context.environment)
            return .int(Int.random(in: low..<high, using: &random))
        },
        "shuffle": .text { text, context throws(TemplateFailure) in
            try context.spend(text.utf8.count)
            var random = ContextGenerator(environment: context.environment)
            return String(String.UnicodeScalarView(text.unicodeScalars.shuffled(using: &random)))
        },
    ]

    private static func text(of alphabet: String) -> TemplateFunction {
        let characters = Array(alphabet.utf8)
        return .of(.int) { values, context throws(TemplateFailure) in
            let count = values[0].int
            guard count > 0 else { return .string("") }
            try context.spend(bytes: count)
            try context.spend(count)
            var random = ContextGenerator(environment: context.environment)
            let bytes = (0..<count).map { _ in characters[Int.random(in: 0..<characters.count, using: &random)] }
            return .string(String(decoding: bytes, as: UTF8.self))
        }
    }
}

/// Random numbers from the bytes of an environment.
private struct ContextGenerator: RandomNumberGenerator {
    let environment: Environment

    mutating func next() -> UInt64 {
        environment.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
