import StoreTesting

/// A parser of bytes from outside, and inputs to begin with.
///
/// It is given the inputs of its corpus, then others made of them. A run fails when the parser breaks a promise, which it tells
/// by throwing; a trap, or what a sanitizer finds, ends the process. Suites of fuzzers are called `…Fuzzers`, and run each for
/// a moment with all tests; `Scripts/fuzz` runs them for longer.
public struct Fuzzer: Sendable, CustomStringConvertible {
    /// The name, and that of the folder in `Tests/Corpus` with its inputs.
    public let name: String
    /// Texts that mean something to the parser: mutations put them in.
    public let words: [String]
    /// How many inputs a short run tries; fewer for parsers that take long.
    public let rounds: Int
    private let parse: @Sendable ([UInt8]) async throws -> Void

    /// A fuzzer.
    ///
    /// - Parameter parse: gives the parser some bytes, and throws if it breaks a promise. Refusing them is none.
    public init(
        _ name: String, words: [String] = [], rounds: Int = 400,
        _ parse: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        (self.name, self.words, self.rounds, self.parse) = (name, words, rounds, parse)
    }

    /// A fuzzer of a parser that takes text.
    public static func text(
        _ name: String, words: [String] = [], rounds: Int = 400,
        _ parse: @escaping @Sendable (String) async throws -> Void
    ) -> Fuzzer {
        Fuzzer(name, words: words, rounds: rounds) { try await parse(String(decoding: $0, as: UTF8.self)) }
    }

    /// Gives the parser its corpus and what is made of it.
    ///
    /// - Throws: `FuzzFailure` with the first input that it fails on.
    public func run() async throws {
        let plan = FuzzPlan.current
        guard plan.isMeant(name) else { return }
        let corpus = try Corpus.inputs(of: name)
        let note = try plan.note(of: name)
        for input in plan.replayed.map({ [$0] }) ?? corpus { try await attempt(input, note, "of the corpus") }
        guard plan.replayed == nil else { return }
        var mutation = Mutation(corpus, words: words, seed: plan.seed)
        let clock = ContinuousClock()
        let end = plan.duration.map { clock.now + $0 }
        let rounds = plan.rounds ?? rounds
        var round = 0
        while end.map({ clock.now < $0 }) ?? (round < rounds) {
            try await attempt(mutation.next(), note, "seed \(plan.seed), round \(round)")
            round += 1
        }
        // Who gives it time, or more than the usual, wants to know how far that has led.
        if end != nil || plan.rounds != nil { print("\(name): \(round) inputs") }
    }

    private func attempt(_ input: [UInt8], _ note: FuzzNote?, _ origin: String) async throws {
        note?.write(input)
        do {
            try await parse(input)
        } catch {
            throw FuzzFailure(description: "\(name), \(origin): \(error); the input is \(Self.shown(input))")
        }
    }

    private static func shown(_ input: [UInt8]) -> String {
        let text = String(decoding: input.prefix(2000), as: UTF8.self).debugDescription
        return input.count > 2000 ? "\(text)… (\(input.count) bytes)" : text
    }

    /// The name.
    public var description: String { name }
}

/// A promise that a parser broke, and the input that made it.
public struct FuzzFailure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// A failure; `Fuzzer.run` adds the input.
    public init(description: String) { self.description = description }

    /// Throws unless the condition holds.
    public static func unless(_ condition: Bool, _ message: @autoclosure () -> String) throws(FuzzFailure) {
        if !condition { throw FuzzFailure(description: message()) }
    }
}
