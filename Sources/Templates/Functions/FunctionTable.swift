public import Basics
import JSON

/// A function that actions may call.
public struct TemplateFunction: Sendable {
    /// What a function does with its arguments, which are checked already.
    public typealias Body =
        @Sendable (
            _ arguments: [TemplateValue], _ context: inout TemplateContext
        ) throws(TemplateFailure) -> TemplateValue

    /// The parameters.
    public let signature: TemplateSignature

    /// What it does.
    public let body: Body

    /// Whether it is `and` or `or`, which leave arguments alone once one has decided.
    let isShortCircuit: Bool

    /// A function.
    public init(_ signature: TemplateSignature, _ body: @escaping Body) {
        self.signature = signature
        self.body = body
        isShortCircuit = false
    }

    private init(shortCircuit signature: TemplateSignature) {
        self.signature = signature
        body = { _, _ throws(TemplateFailure) in .missing }
        isShortCircuit = true
    }

    /// A function of its parameters' types.
    package static func of(
        _ parameters: GoType..., variadic: GoType? = nil, isInterface: Bool = false, _ body: @escaping Body
    ) -> TemplateFunction {
        TemplateFunction(TemplateSignature(parameters, variadic: variadic, isInterface: isInterface), body)
    }

    /// `and` and `or`.
    static let shortCircuit = TemplateFunction(
        shortCircuit: TemplateSignature([.value], variadic: .value))
}

/// Functions by name.
public struct FunctionTable: Sendable {
    private var functions: [Identifier: TemplateFunction]

    /// A table of functions.
    public init(_ functions: [Identifier: TemplateFunction] = [:]) {
        self.functions = functions
    }

    /// The function of a name; nil when there is none.
    public subscript(name: String) -> TemplateFunction? {
        functions[Identifier(name)]
    }

    /// The names, for the parser.
    public var names: FunctionNames { FunctionNames(functions.keys.map(\.text)) }

    /// The names, in the order of their bytes.
    var sortedNames: [String] { functions.keys.sorted().map(\.text) }

    /// These functions and the others, which go before these of the same name.
    public func merging(_ others: FunctionTable) -> FunctionTable {
        FunctionTable(functions.merging(others.functions) { $1 })
    }

    /// The functions of Go's `text/template` itself.
    public static let builtins = FunctionTable(comparisons).merging(FunctionTable(collections))
        .merging(FunctionTable(texts))

    /// The generic functions of sprig, but those that need cryptography.
    public static let sprig = [
        sprigStrings, sprigTexts, sprigNumbers, sprigDecimals, sprigLists, sprigMaps, sprigDefaults, sprigJSON,
        sprigEncodings, sprigRandom, sprigPatterns, sprigVersions, sprigDates,
    ].reduce(FunctionTable()) { $0.merging(FunctionTable($1)) }

    /// What content packs may use: the built-in functions and those of sprig.
    public static let provisioning = builtins.merging(sprig)
}
